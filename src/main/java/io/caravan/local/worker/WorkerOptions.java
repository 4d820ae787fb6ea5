package io.caravan.local.worker;

import io.caravan.local.Gguf;
import java.nio.file.Path;

/**
 * What a worker is told on its command line: {@code MODEL.gguf slots context threads
 * [--no-prompt-cache]}.
 *
 * @param parallel requests that are generated at the same time
 * @param context tokens in each slot, at most
 * @param threads processor cores that compute
 * @param promptCache whether a prompt may go on where an earlier one ended
 */
record WorkerOptions(Path file, int parallel, int context, int threads, boolean promptCache) {

  private static final String NO_PROMPT_CACHE = "--no-prompt-cache";

  static WorkerOptions of(String... args) {
    return new WorkerOptions(
        Path.of(args[0]),
        Integer.parseInt(args[1]),
        Integer.parseInt(args[2]),
        Integer.parseInt(args[3]),
        args.length < 5 || !args[4].equals(NO_PROMPT_CACHE));
  }

  /** An embedding model has one slot: with several, a short text ends the process. */
  int slots(Gguf gguf) {
    return gguf.kind() == Gguf.Kind.EMBEDDINGS ? 1 : parallel;
  }

  /** The model's name in answers to requests that give none. */
  String name() {
    return file.getFileName().toString().replaceFirst("\\.gguf$", "");
  }
}

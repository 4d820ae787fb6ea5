package io.caravan.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine {@code llama-server}: llama.cpp's own server, which the user has, as a child process
 * for each model. Flags: https://github.com/ggml-org/llama.cpp/tree/master/tools/server.
 */
final class LlamaServers implements WorkerLauncher {

  /** The name of this engine. */
  static final String NAME = "llama-server";

  private static final Logger LOG = LoggerFactory.getLogger(LlamaServers.class);
  private static final long PROCESS_BYTES = 48L << 20;

  /**
   * Loading tells then which layers went where. But so does each request of every prompt that is in
   * its memory, in thousands of lines: only where there is something to tell.
   */
  private static final String VERBOSITY = "4";

  private static final long DEVICES_SECONDS = 20;

  /** It rounds a slot's context up to these, unless it is told a limit. */
  private static final int CONTEXT_STEP = 256;

  /** It looks for clients that left between two batches only. */
  private static final String BATCH = "512";

  private final Path binary;
  private final WorkerJvms.Slots slots;
  private final Gpu gpu;
  private final PromptCache cache;
  private final boolean promptCache;
  private final ServerDevices devices;

  /**
   * @param binary the program, null if there is none
   * @param promptCache whether a prompt may go on where an earlier one ended
   */
  LlamaServers(
      Path binary, WorkerJvms.Slots slots, Gpu gpu, PromptCache cache, boolean promptCache) {
    this.binary = binary;
    this.slots = slots;
    this.gpu = gpu;
    this.cache = cache;
    this.promptCache = promptCache;
    this.devices = new ServerDevices(binary, DEVICES_SECONDS);
  }

  @Override
  public WorkerProcess launch(LocalModel model, LoadOptions options) {
    var fitted = slots.with(model, options);
    var secret = Secret.fresh();
    var reason = "no layer was offloaded (caravan.local.gpu-layers)";
    var placement =
        new Placement(
            NAME,
            "CPU",
            0,
            model.gguf().shape().layers(),
            reason,
            fitted.parallel(),
            fitted.context(),
            fitted.threads());
    return new LlamaServer(model, () -> builder(model, fitted, secret), secret, placement);
  }

  private ProcessBuilder builder(LocalModel model, WorkerJvms.Slots fitted, String secret)
      throws IOException, InterruptedException {
    var command = command(model, fitted);
    if (!devices.onlyProcessor()) command.addAll(List.of("--log-verbosity", VERBOSITY));
    var builder = new ProcessBuilder(Tether.wrap(command)).redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("LLAMA_"));
    builder.environment().put("LLAMA_API_KEY", secret); // not on the command line, which all see
    return builder;
  }

  @Override
  public String refusal(LocalModel model) {
    if (binary == null) {
      return "no llama-server was found; put it on the PATH, or set caravan.local.llama-server";
    }
    return model.gguf().architecture().equals("clip")
        ? "it is the image part of another model"
        : null;
  }

  @Override
  public long bytesNeeded(LocalModel model, LoadOptions options) {
    var tokens = slots.with(model, options).tokens();
    boolean flash = !gpu.flashAttention().equals("off");
    long all = MemoryNeed.bytes(model.gguf(), tokens, flash, PROCESS_BYTES);
    int layers = Math.max(1, model.gguf().shape().layers());
    double onCpu = 1 - Math.min(1.0, Math.max(0, gpu.layers()) / (double) layers);
    return PROCESS_BYTES + (long) ((all - PROCESS_BYTES) * onCpu);
  }

  List<String> command(LocalModel model, WorkerJvms.Slots fitted) {
    var command = new ArrayList<String>();
    command.addAll(List.of(binary.toString(), "--model", model.path().toAbsolutePath().toString()));
    command.addAll(List.of("--alias", model.name(), "--host", "127.0.0.1", "--port", "0"));
    command.addAll(List.of("--ctx-size", String.valueOf(fitted.tokens())));
    command.addAll(List.of("--parallel", String.valueOf(fitted.parallel())));
    command.addAll(List.of("--threads", String.valueOf(fitted.threads())));
    command.addAll(List.of("--flash-attn", gpu.flashAttention()));
    if (gpu.layers() >= 0) command.addAll(List.of("--gpu-layers", String.valueOf(gpu.layers())));
    if (gpu.main() >= 0) command.addAll(List.of("--main-gpu", String.valueOf(gpu.main())));
    if (!gpu.devices().isEmpty()) command.addAll(List.of("--device", gpu.devices()));
    if (model.gguf().kind() == Gguf.Kind.EMBEDDINGS) embeddings(command, fitted);
    else chat(command, model, fitted.context());
    return command;
  }

  /** A text must fit into one batch. */
  private static void embeddings(List<String> command, WorkerJvms.Slots fitted) {
    var batch = String.valueOf(fitted.context());
    command.addAll(List.of("--embedding", "--batch-size", batch, "--ubatch-size", batch));
  }

  private void chat(List<String> command, LocalModel model, int context) {
    command.addAll(List.of("--jinja", "--slots", "--batch-size", BATCH));
    if (context % CONTEXT_STEP != 0) {
      command.addAll(List.of("--kv-unified-per-slot", String.valueOf(context)));
    }
    if (!promptCache) command.addAll(List.of("--no-cache-prompt", "--cache-ram", "0"));
    var folder = cache.folder(model, NAME);
    if (folder == null) return;
    try {
      Files.createDirectories(folder);
      command.addAll(List.of("--slot-save-path", folder.toAbsolutePath().toString()));
    } catch (IOException e) {
      LOG.warn("The prompt cache cannot be kept in {}: {}", folder, e.toString());
    }
  }
}

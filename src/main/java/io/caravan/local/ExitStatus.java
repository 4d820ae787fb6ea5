package io.caravan.local;

import java.util.Set;

/** How a worker's process ended. */
record ExitStatus(int number) {

  /** Exit after a refusal, and illegal instruction, abort, bus error, division, segfault. */
  private static final Set<Integer> OF_THE_FILE = Set.of(1, 132, 134, 135, 136, 139);

  /** Whether a file is the likely cause if its process ended like this while it loaded it. */
  boolean blamesFile() {
    return OF_THE_FILE.contains(number);
  }

  /** The end in words for the client. */
  String of(String model, boolean whileLoading) {
    var ended = "The process of the model `%s` ended with status %d.";
    var refused =
        "The model `%s` could not be loaded: its process ended with status %d; the file may be"
            + " damaged, or of a kind that this llama.cpp cannot run.";
    return (whileLoading && blamesFile() ? refused : ended).formatted(model, number);
  }
}

package io.caravan.files;

import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.Conflict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Room on the disk. */
final class Space {

  /** So that what else writes there does not stop when a model is there. */
  private static final long RESERVE = 64L << 20;

  private Space() {}

  /**
   * Looks before it is too late.
   *
   * @throws Conflict if that many bytes do not fit
   */
  static void check(Path folder, long bytes) throws IOException {
    long free = Files.getFileStore(folder).getUsableSpace();
    if (bytes + RESERVE <= free) return;
    throw new Conflict(
        "The disk is too full: %d bytes are to be written and %d to stay free, but %d are free."
                .formatted(bytes, RESERVE, free)
            + " Make room and try again.",
        "disk_full");
  }

  /** A failure to write, for the client. */
  static GatewayException failure(IOException e) {
    var said = e.getMessage() == null ? "" : e.getMessage();
    boolean full = said.contains("No space left") || said.contains("quota");
    return full
        ? new Conflict("The disk is full. Make room and try again.", "disk_full")
        : new Conflict("The file cannot be written: " + e.getClass().getSimpleName(), "file_error");
  }
}

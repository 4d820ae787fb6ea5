package io.caravan.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a llama-server has anything but the processor to compute on. */
final class ServerDevices {

  private static final Logger LOG = LoggerFactory.getLogger(ServerDevices.class);

  /** What {@code --list-devices} says where there is none (v0.5.0). */
  private static final String NONE = "(none)";

  private final Path binary;
  private final long limitSeconds;
  private Boolean only;

  /**
   * @param limitSeconds for which the program may take to say so
   */
  ServerDevices(Path binary, long limitSeconds) {
    this.binary = binary;
    this.limitSeconds = limitSeconds;
  }

  /** True only if it said so; asks once, and waits for the answer. */
  synchronized boolean onlyProcessor() throws IOException, InterruptedException {
    if (only == null) only = ask();
    return only;
  }

  private boolean ask() throws IOException, InterruptedException {
    var said = Files.createTempFile("caravan-devices-", ".txt");
    try {
      var process =
          new ProcessBuilder(binary.toString(), "--list-devices")
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) process.destroyForcibly();
      var text = new String(Files.readAllBytes(said), StandardCharsets.UTF_8);
      LOG.debug("{} --list-devices: {}", binary, text);
      return !process.isAlive() && process.exitValue() == 0 && text.contains(NONE);
    } finally {
      Files.deleteIfExists(said);
    }
  }
}

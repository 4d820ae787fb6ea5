package io.caravan.it;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A class-data archive for the processes under test, made once for each jar and Java, as {@code
 * ./caravan} makes one: every start is spared a second of work.
 */
final class ClassArchive {

  private static final Path FILE =
      Path.of("target", "it-" + Runtime.version().feature() + ".jsa").toAbsolutePath();
  private static final Path SETTINGS = Path.of("src/main/archive/archive.properties");
  private static List<String> options;

  private ClassArchive() {}

  /** The options that use it; none if it could not be made. */
  static synchronized List<String> options(List<String> java, Path jar) throws IOException {
    if (options == null) {
      make(java, jar);
      options = isFresh(jar) ? List.of("-XX:SharedArchiveFile=" + FILE, "-Xshare:auto") : List.of();
    }
    return options;
  }

  /** Another test JVM may be at it: then this one waits. */
  private static void make(List<String> java, Path jar) throws IOException {
    var lock = Path.of(FILE + ".lock");
    try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var held = channel.lock()) {
      if (held.isValid() && !isFresh(jar)) train(java, jar);
    }
  }

  private static void train(List<String> java, Path jar) throws IOException {
    int port = Launch.freePort();
    var made = Path.of(FILE + ".new");
    var command = new ArrayList<>(java);
    command.add("-XX:ArchiveClassesAtExit=" + made);
    command.addAll(List.of("-jar", jar.toString(), "--port", String.valueOf(port)));
    command.addAll(List.of("--log-level", "off", "--config", SETTINGS.toAbsolutePath().toString()));
    var folder = Files.createTempDirectory(FILE.getParent(), "it-");
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("console.txt").toFile())
            .start();
    try {
      var client = new Client("http://127.0.0.1:" + port);
      Await.until("an answer of the mock", () -> answers(client));
      process.destroy();
      if (!process.waitFor(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS)) return;
      if (Files.exists(made)) Files.move(made, FILE, StandardCopyOption.REPLACE_EXISTING);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean answers(Client client) {
    try {
      return client.chat("mock~echo", "").status() == 200;
    } catch (RuntimeException notYet) {
      return false;
    }
  }

  private static boolean isFresh(Path jar) throws IOException {
    return Files.exists(FILE)
        && Files.getLastModifiedTime(FILE).compareTo(Files.getLastModifiedTime(jar)) > 0;
  }
}

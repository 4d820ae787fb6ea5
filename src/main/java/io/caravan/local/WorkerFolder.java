package io.caravan.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temporary folder of one worker process: its native library is unpacked there, and a crash
 * leaves its report there. It is locked for as long as the gateway lives that made it, so that
 * another one can tell what was left behind.
 */
final class WorkerFolder {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerFolder.class);
  private static final String PREFIX = "caravan-worker-";
  private static final String LOCK = "lock";
  private static final String CRASH = "crash.log";

  /** A younger one may be in the making. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  private final Path path;
  private final FileChannel lock;

  private WorkerFolder(Path path) throws IOException {
    this.path = path;
    lock =
        FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    lock.lock();
  }

  /** A new one. */
  static WorkerFolder make() throws IOException {
    return new WorkerFolder(Files.createTempDirectory(PREFIX));
  }

  Path path() {
    return path;
  }

  /** Where the JVM of the worker is to write the report of a crash. */
  Path crashReport() {
    return path.resolve(CRASH);
  }

  /** Deletes it; what a crash report says of the cause goes to the log. */
  void delete(String model) {
    try (lock) {
      if (Files.exists(crashReport())) LOG.warn("{}: {}", model, cause(crashReport()));
    } catch (IOException e) {
      LOG.debug("{}: {}", path, e.toString());
    }
    deleteAll(path);
  }

  /** Deletes what gateways left behind that could not do it themselves. */
  static void sweep(Path temporary) {
    try (var files = Files.list(temporary)) {
      files
          .filter(file -> file.getFileName().toString().startsWith(PREFIX))
          .filter(WorkerFolder::isLeft)
          .forEach(WorkerFolder::deleteAll);
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.debug("{} was not looked through: {}", temporary, e.toString());
    }
  }

  private static boolean isLeft(Path folder) {
    var file = folder.resolve(LOCK);
    try {
      if (!Files.exists(file)) {
        var age = System.currentTimeMillis() - Files.getLastModifiedTime(folder).toMillis();
        return age > YOUNG.toMillis();
      }
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
          var held = channel.tryLock()) {
        return held != null;
      }
    } catch (IOException | OverlappingFileLockException e) {
      return false; // another user's, or our own
    }
  }

  /** The first lines name the signal and the place; they begin with a hash. */
  private static String cause(Path report) throws IOException {
    try (var lines = Files.lines(report)) {
      var said =
          lines
              .limit(20)
              .filter(line -> line.startsWith("#  ") || line.startsWith("# C "))
              .map(line -> line.substring(1).strip())
              .toList();
      return "the process crashed: " + String.join("; ", said);
    }
  }

  private static void deleteAll(Path path) {
    try (var files = Files.walk(path)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | java.io.UncheckedIOException e) {
      LOG.debug("{} was not deleted: {}", path, e.toString());
    }
  }
}

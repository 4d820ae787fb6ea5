package io.caravan.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
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

  /** A younger one may be in the making, by a process that cannot be seen from here. */
  private static final Duration YOUNG = Duration.ofMinutes(1);

  /** The process that made it stands in its name. */
  private static final Pattern MAKER = Pattern.compile(PREFIX + "(\\d{1,9})-.*");

  /** Linux drops a lock when its process closes any other channel on the file. */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

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
    var path = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
    OWN.add(path);
    return new WorkerFolder(path);
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
    OWN.remove(path);
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
    if (OWN.contains(folder)) return false;
    try {
      boolean old = age(folder) > YOUNG.toMillis();
      if (!Files.exists(file)) return old;
      if (!old && isMaking(folder)) return false;
      try (var channel = FileChannel.open(file, StandardOpenOption.WRITE);
          var held = channel.tryLock()) {
        return held != null;
      }
    } catch (IOException e) {
      return false; // another user's, or just gone
    }
  }

  private static long age(Path folder) throws IOException {
    return System.currentTimeMillis() - Files.getLastModifiedTime(folder).toMillis();
  }

  private static boolean isMaking(Path folder) {
    var maker = MAKER.matcher(folder.getFileName().toString());
    return maker.matches()
        && ProcessHandle.of(Long.parseLong(maker.group(1)))
            .map(ProcessHandle::isAlive)
            .orElse(false);
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

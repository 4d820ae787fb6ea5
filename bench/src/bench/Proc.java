package bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What Linux says about a process. */
record Proc(long pid) {

  /** The kernel counts in 1/100 s for every program, whatever its own clock is. */
  private static final long MICROS_PER_TICK = 10_000;

  static Proc self() {
    return new Proc(ProcessHandle.current().pid());
  }

  /** CPU time used so far, in user and kernel mode. */
  long cpuMicros() {
    var stat = read("stat");
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * MICROS_PER_TICK;
  }

  int threads() {
    return (int) status("Threads:");
  }

  double rssMb() {
    return status("VmRSS:") / 1024.0;
  }

  private long status(String key) {
    return read("status")
        .lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(key.length()).replace("kB", "").strip())
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (IOException e) {
      throw new UncheckedIOException("process " + pid + " has gone; see its log", e);
    }
  }
}

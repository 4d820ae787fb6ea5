package io.caravan.local;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What the machine has, or the container if that is less: on Linux from the kernel's files, of
 * control groups of version 2 and 1; elsewhere from the JVM.
 */
public final class MachineMemory implements Memory {

  private static final Pattern KILOBYTES = Pattern.compile("\\s+(\\d+) kB");
  private static final long NO_LIMIT = Long.MAX_VALUE / 2;

  private final Path root;

  /**
   * @param root {@code /}; a test has its own
   */
  public MachineMemory(Path root) {
    this.root = root;
  }

  @Override
  public long available() {
    long machine = meminfo("MemAvailable:");
    if (machine < 0) machine = system().getFreeMemorySize();
    long limit = limit();
    if (limit >= NO_LIMIT) return machine;
    long used =
        either("sys/fs/cgroup/memory.current", "sys/fs/cgroup/memory/memory.usage_in_bytes", 0);
    return Math.min(machine, limit - Math.max(0, used - reclaimable()));
  }

  @Override
  public long total() {
    long machine = meminfo("MemTotal:");
    return Math.min(limit(), machine < 0 ? system().getTotalMemorySize() : machine);
  }

  /** The same memory, of which models may take no more than so much. */
  Memory limitedTo(long bytes) {
    var machine = this;
    return new Memory() {
      @Override
      public long available() {
        return Math.min(bytes, machine.available());
      }

      @Override
      public long total() {
        return Math.min(bytes, machine.total());
      }
    };
  }

  private static OperatingSystemMXBean system() {
    return (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  }

  private long limit() {
    return either(
        "sys/fs/cgroup/memory.max", "sys/fs/cgroup/memory/memory.limit_in_bytes", NO_LIMIT);
  }

  /** Pages of files count as used, but the kernel takes them back when it needs them. */
  private long reclaimable() {
    for (var file :
        new String[] {"sys/fs/cgroup/memory.stat", "sys/fs/cgroup/memory/memory.stat"}) {
      var stat = Pattern.compile("(?m)^(?:total_)?inactive_file (\\d+)$").matcher(read(file));
      if (stat.find()) return Long.parseLong(stat.group(1));
    }
    return 0;
  }

  private long either(String version2, String version1, long otherwise) {
    for (var file : new String[] {version2, version1}) {
      var text = read(file).strip();
      if (text.matches("\\d{1,18}")) return Long.parseLong(text);
      if (!text.isEmpty()) return otherwise; // "max", or a number that means the same
    }
    return otherwise;
  }

  /** In bytes, -1 if there is no such file. */
  private long meminfo(String key) {
    var text = read("proc/meminfo");
    int at = text.indexOf(key);
    if (at < 0) return -1;
    var number = KILOBYTES.matcher(text).region(at + key.length(), text.length());
    return number.lookingAt() ? Long.parseLong(number.group(1)) << 10 : -1;
  }

  private String read(String file) {
    try {
      return Files.readString(root.resolve(file));
    } catch (IOException e) {
      return "";
    }
  }
}

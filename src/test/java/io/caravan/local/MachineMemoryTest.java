package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineMemoryTest {

  @TempDir Path root;

  @Test
  void aMachineWithoutLimits() throws IOException {
    write("proc/meminfo", "MemTotal:       1000 kB\nMemFree: 1 kB\nMemAvailable:    400 kB\n");
    write("sys/fs/cgroup/memory.max", "max\n");
    var memory = new MachineMemory(root);
    assertThat(memory.total()).isEqualTo(1000 << 10);
    assertThat(memory.available()).isEqualTo(400 << 10);
    assertThat(memory.limitedTo(5).available()).isEqualTo(5);
  }

  @Test
  void aContainerHasLessAndPagesOfFilesAreNotTaken() throws IOException {
    write("proc/meminfo", "MemTotal:       9000 kB\nMemAvailable:    8000 kB\n");
    write("sys/fs/cgroup/memory.max", "1000000\n");
    write("sys/fs/cgroup/memory.current", "700000\n");
    write("sys/fs/cgroup/memory.stat", "anon 1\ninactive_file 200000\n");
    var memory = new MachineMemory(root);
    assertThat(memory.total()).isEqualTo(1_000_000);
    assertThat(memory.available()).isEqualTo(500_000);
  }

  @Test
  void controlGroupsOfVersionOne() throws IOException {
    write("proc/meminfo", "MemTotal:       9000 kB\nMemAvailable:    8000 kB\n");
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "1000000\n");
    write("sys/fs/cgroup/memory/memory.usage_in_bytes", "700000\n");
    write("sys/fs/cgroup/memory/memory.stat", "total_inactive_file 100000\n");
    assertThat(new MachineMemory(root).available()).isEqualTo(400_000);
  }

  @Test
  void elsewhereTheJvmIsAsked() {
    assertThat(new MachineMemory(root).total()).isPositive();
    assertThat(new MachineMemory(root).available()).isPositive();
  }

  private void write(String file, String text) throws IOException {
    var path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}

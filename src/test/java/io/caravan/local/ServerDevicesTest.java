package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The stand-in is a shell script")
class ServerDevicesTest {

  @TempDir Path folder;

  @Test
  void aServerWithoutDevicesSaysSo() throws Exception {
    assertThat(says("echo 'Available devices:'; echo '  (none)'")).isTrue();
  }

  @Test
  void oneWithACardDoesNot() throws Exception {
    assertThat(says("echo 'Available devices:'; echo '  CUDA0: NVIDIA H100 (81559 MiB)'"))
        .isFalse();
  }

  @Test
  void oneThatFailsOrDoesNotAnswerIsNotBelieved() throws Exception {
    assertThat(says("echo '(none)'; exit 1")).isFalse();
    assertThat(says("echo '(none)'; exec sleep 100")).isFalse();
  }

  @Test
  void itIsAskedOnce() throws Exception {
    var devices = devices("echo '(none)'; echo asked >> " + folder.resolve("asked"));
    assertThat(devices.onlyProcessor()).isTrue();
    assertThat(devices.onlyProcessor()).isTrue();
    assertThat(Files.readAllLines(folder.resolve("asked"))).hasSize(1);
  }

  private boolean says(String script) throws Exception {
    return devices(script).onlyProcessor();
  }

  private ServerDevices devices(String script) throws Exception {
    var program = Files.createTempFile(folder, "server", ".sh");
    Files.writeString(
        program, "#!/bin/sh\n[ \"$1\" = --list-devices ] || exit 2\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return new ServerDevices(program, 1);
  }
}

package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@DisabledOnOs(OS.WINDOWS)
class TetherTest {

  @Test
  void withoutSetprivAShellEndsTheProgramWhenItsOwnInputEnds() throws Exception {
    var process = new ProcessBuilder(Tether.wrap(List.of("sleep", "100"), null)).start();
    var program = awaitProgram(process);
    process.getOutputStream().close();
    assertThat(program.onExit().get(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theShellPassesTheSignalToEndOn() throws Exception {
    var process = new ProcessBuilder(Tether.wrap(List.of("sleep", "100"), null)).start();
    var program = awaitProgram(process);
    process.destroy();
    assertThat(program.onExit().get(10, TimeUnit.SECONDS)).isNotNull();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void theShellTellsTheProgramsStatus() throws Exception {
    var process = new ProcessBuilder(Tether.wrap(List.of("sh", "-c", "exit 7"), null)).start();
    assertThat(process.waitFor()).isEqualTo(7);
  }

  private static ProcessHandle awaitProgram(Process shell) {
    while (true) {
      var program =
          shell.descendants().filter(child -> child.info().command().orElse("").endsWith("sleep"));
      var found = program.findFirst();
      if (found.isPresent()) return found.get();
      Thread.onSpinWait();
    }
  }
}

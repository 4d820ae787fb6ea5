package io.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentsTest {

  @Test
  void tellsOptionsFromWords() throws CliException {
    var read = read("a", "--url", "u", "-m=x", "--json", "b", "-", "--", "--not-an-option");
    assertThat(read.words()).containsExactly("a", "b", "-", "--not-an-option");
    assertThat(read.get("--url")).isEqualTo("u");
    assertThat(read.get("--model")).isEqualTo("x");
    assertThat(read.has("--json")).isTrue();
    assertThat(read.has("--help")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--what", "--url", "-x", "--json=1"})
  void refusesWhatMakesNoSense(String word) {
    assertThatThrownBy(() -> read(word))
        .isInstanceOfSatisfying(
            CliException.class, e -> assertThat(e.exitCode()).isEqualTo(CliException.USAGE))
        .hasMessageContaining(word.replaceFirst("=.*", ""));
  }

  @Test
  void aBarGrowsOnATerminal() throws Exception {
    var shown =
        shown(
            true,
            "{'state':'running','progress':{'stage':'pulling','done':500000000,'total':1000000000,'rate':25000000,'eta':20}}");
    assertThat(shown)
        .startsWith(
            "\rpull m  [###############---------------]  50%  500 MB of 1.0 GB  25 MB/s  20 s left  pulling");
  }

  @Test
  void withoutATerminalALineComesNowAndThen() throws Exception {
    var half = "{'state':'running','progress':{'done':50,'total':100}}";
    var more = "{'state':'running','progress':{'done':51,'total':100}}";
    var done = "{'state':'succeeded','progress':{'done':100,'total':100}}";
    assertThat(shown(false, half, more, done).lines()).hasSize(2).allMatch(l -> l.contains("%"));
  }

  @Test
  void aServicesWordsDoNotReachTheTerminalAsCommands() {
    assertThat(Screen.safe("a\u001b[31mb\rc\nd\te")).isEqualTo("a[31mbc\nd\te");
  }

  private static String shown(boolean live, String... jobs) throws Exception {
    var bytes = new ByteArrayOutputStream();
    var err = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    var progress =
        new Progress("pull m", new Screen(InputStream.nullInputStream(), err, err, live, false));
    for (var job : jobs) progress.show(Json.read(job.replace('\'', '"')));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private static Arguments read(String... words) throws CliException {
    return Arguments.of(List.of(words), Set.of("--url", "--model"));
  }
}

package io.caravan.dialect;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"error\":\"Unexpected endpoint or method.\"} | Unexpected endpoint or method.",
        "{\"error\":{\"code\":500,\"message\":\"no room\"}} | no room",
        "{\"success\":false,\"message\":\"it is busy\"} | it is busy",
        "{\"success\":false} | The service says that it did not succeed."
      })
  void saysWhyItFailed(String answer, String words) throws Exception {
    var tree = Json.read(answer);
    assertThatThrownBy(() -> Outcome.check(tree))
        .isInstanceOf(UpstreamFailed.class)
        .hasMessage(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "[]",
        "{\"error\":null}",
        "{\"error\":{}}",
        "{\"error\":\"\"}",
        "{\"success\":true,\"message\":\"error-free\"}"
      })
  void anythingElseIsASuccess(String answer) throws Exception {
    var tree = Json.read(answer);
    assertThatCode(() -> Outcome.check(tree)).doesNotThrowAnyException();
  }

  @Test
  void soIsWhatIsNoJson() {
    assertThatCode(() -> Outcome.check(null)).doesNotThrowAnyException();
    assertThatCode(() -> Outcome.check("error")).doesNotThrowAnyException();
  }
}

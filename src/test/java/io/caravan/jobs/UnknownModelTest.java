package io.caravan.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.errors.GatewayException;
import io.caravan.errors.UpstreamError;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnknownModelTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"message\":\"Model not found\"} | true",
        "{\"error\":\"no model found with name \\\"nope\\\"\"} | true",
        "{\"error\":\"model 'x:latest' not found, try pulling it first\"} | true",
        "{\"error\":\"pull model manifest: file does not exist\"} | true",
        "{\"error\":{\"code\":400,\"message\":\"failed to find model on HF\"}} | true",
        "{\"error\":{\"code\":404,\"message\":\"repo not found\",\"type\":\"not_found_error\"}} | true",
        "{\"error\":{\"code\":404,\"message\":\"File Not Found\",\"type\":\"not_found_error\"}} | false",
        "{\"error\":{\"code\":\"busy\",\"message\":\"Model not found\"}} | false",
        "{\"message\":\"Model not running\"} | false",
        "{\"error\":\"error: disk full\"} | false"
      })
  void knowsTheirWords(String body, boolean unknown) {
    var error = UpstreamError.of(400, body.getBytes(StandardCharsets.UTF_8), Map.of());
    assertThat(UnknownModel.is(new GatewayException.UpstreamFailed(error))).isEqualTo(unknown);
  }
}

package io.caravan.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.errors.GatewayException;
import io.caravan.errors.UpstreamError;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    "400, REQUEST",
    "401, REFUSED",
    "402, REFUSED",
    "403, REFUSED",
    "404, REFUSED",
    "408, SERVER_ERROR",
    "409, SERVER_ERROR",
    "410, REFUSED",
    "415, REQUEST",
    "424, SERVER_ERROR",
    "451, REFUSED",
    "413, REQUEST",
    "422, REQUEST",
    "429, RATE_LIMITED",
    "500, SERVER_ERROR",
    "501, REFUSED",
    "503, SERVER_ERROR",
    "529, SERVER_ERROR"
  })
  void readsTheStatus(int status, Fault.Kind kind) {
    assertThat(upstream(status, "{}", Map.of()).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | {\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"x\"}} | CONTEXT_LENGTH",
        "400 | {\"error\":{\"message\":\"This model's maximum context length is 4096 tokens.\"}} | CONTEXT_LENGTH",
        "400 | {\"error\":{\"type\":\"exceed_context_size_error\",\"message\":\"x\"}} | CONTEXT_LENGTH",
        "400 | {\"error\":{\"message\":\"prompt is too long: 9 tokens > 8 maximum\"}} | CONTEXT_LENGTH",
        "413 | {\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"x\"}} | CONTEXT_LENGTH",
        "413 | {\"error\":{\"message\":\"prompt is too long: 9 tokens > 8 maximum\"}} | CONTEXT_LENGTH",
        "400 | {\"error\":{\"code\":\"content_filter\",\"message\":\"x\"}} | REQUEST",
        "500 | {\"error\":{\"code\":\"content_policy_violation\",\"message\":\"x\"}} | REQUEST",
        "400 | {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":\"Your credit balance is too low to access the Anthropic API.\"}} | REFUSED",
        "400 | {\"error\":{\"message\":\"API key not valid. Please pass a valid API key.\"}} | REFUSED",
        "429 | {\"error\":{\"code\":\"insufficient_quota\",\"message\":\"x\"}} | REFUSED",
        "422 | {\"error\":{\"code\":\"insufficient_quota\",\"message\":\"x\"}} | REQUEST",
        "429 | {\"error\":{\"message\":\"tokens exceed the context window per minute\"}} | RATE_LIMITED",
        "503 | {\"error\":{\"message\":\"No replica with a large enough context window is free\"}} | SERVER_ERROR",
        "500 | {\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"x\"}} | SERVER_ERROR",
        "401 | {\"error\":{\"message\":\"Your plan has no such context window\"}} | REFUSED",
        "404 | {\"error\":{\"message\":\"No model with this context window\"}} | REFUSED"
      })
  void readsWhatTheServiceSays(int status, String body, Fault.Kind kind) {
    assertThat(upstream(status, body, Map.of()).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "retry-after, 2, 2000",
    "retry-after, 0.5, 500",
    "retry-after-ms, 120, 120",
    "retry-after, 'Sat, 21 Nov 2026 12:00:03 GMT', 3000",
    "retry-after, 'Sat, 21 Nov 2026 11:00:00 GMT', 0",
    "retry-after, 'Saturday, 21-Nov-26 12:00:04 GMT', 4000",
    "retry-after, 'Sunday, 06-Nov-94 08:49:37 GMT', 0",
    "retry-after, 'Sat Nov 21 12:00:05 2026', 5000",
    "retry-after, 'Sun Nov  6 08:49:37 1994', 0",
  })
  void readsRetryAfter(String name, String value, long millis) {
    var fault = upstream(429, "{}", Map.of(name, value));
    assertThat(fault.retryAfter()).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({"soon", "-1", "1e9", "''"})
  void ignoresARetryAfterThatMakesNoSense(String value) {
    assertThat(upstream(429, "{}", Map.of("retry-after", value)).retryAfter()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000000000", "99999999999999", "99999999999999999999999"})
  void aNumberBeyondAllBoundsIsMoreThanAnyBudget(String value) {
    var fault = upstream(429, "{}", Map.of("retry-after", value));
    assertThat(fault.asksForMoreThan(Duration.ofDays(10_000))).isTrue();
  }

  @Test
  void heedsXShouldRetry() {
    assertThat(upstream(500, "{}", Map.of("x-should-retry", "false")).hopeless()).isTrue();
    assertThat(upstream(500, "{}", Map.of("x-should-retry", "true")).hopeless()).isFalse();
  }

  @Test
  void readsTheGatewaysOwnFailures() {
    assertThat(kind(new GatewayException.Unreachable("x"))).isEqualTo(Fault.Kind.CONNECT);
    assertThat(kind(new GatewayException.TimedOut("x"))).isEqualTo(Fault.Kind.TIMEOUT);
    assertThat(kind(new GatewayException.BadAnswer("x"))).isEqualTo(Fault.Kind.BAD_ANSWER);
    assertThat(kind(new GatewayException.Cancelled())).isEqualTo(Fault.Kind.CANCELLED);
    assertThat(kind(new IllegalStateException())).isEqualTo(Fault.Kind.INTERNAL);
    assertThat(kind(new CompletionException(new GatewayException.TimedOut("x"))))
        .isEqualTo(Fault.Kind.TIMEOUT);
    var inExpression = new RuntimeException("x", new Exception(new GatewayException.TimedOut("x")));
    assertThat(kind(inExpression)).as("Camel wraps it").isEqualTo(Fault.Kind.TIMEOUT);
    var own = new GatewayException.InvalidRequest("x", "messages", "empty_array");
    assertThat(kind(own)).isEqualTo(Fault.Kind.REQUEST);
    var lacking = new GatewayException.InvalidRequest("x", "n", "unsupported_parameter");
    assertThat(kind(lacking)).isEqualTo(Fault.Kind.REFUSED);
  }

  private static Fault.Kind kind(Throwable failure) {
    return Fault.of(failure, CLOCK).kind();
  }

  private static Fault upstream(int status, String body, Map<String, String> headers) {
    var error = UpstreamError.of(status, body.getBytes(StandardCharsets.UTF_8), headers);
    return Fault.of(new GatewayException.UpstreamFailed(error), CLOCK);
  }
}

package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What can be seen of the calls from outside: metrics, access log, health, request ids. */
class ObservationIT {

  private static final String SECRET = "sk-nobody-may-see-this";

  private static FakeService fake;
  private static FakeService spare;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    spare = FakeService.start();
    fake.onChat(call -> call.json(503, Faults.error("down", null)));
    spare.onChat(call -> Faults.answer(call, "spare"));
    gateway =
        PackagedGateway.before(
            fake,
            "openai-compatible",
            "caravan.logging.access=json",
            "caravan.service.fake.api-key=" + SECRET,
            "caravan.service.spare.provider=openai-compatible",
            "caravan.service.spare.urls=" + spare.url());
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
    spare.close();
  }

  @Test
  void metricsTellWhatHappened() {
    gateway.client().chat("fake~m", "'fallbacks':['spare~m']");
    gateway.client().chat("spare~m", "'stream':true");
    gateway.client().chat("fake~m", "");
    gateway.client().chat("nobody~m", "");
    Await.until("the calls are counted", () -> metrics().contains("status=\"404\""));
    assertThat(metrics())
        .contains(
            "caravan_requests_total{route=\"chat-completions\",status=\"200\"}",
            "caravan_errors_total{kind=\"server_error\"}",
            "caravan_attempts_total{outcome=\"server_error\",service=\"fake\"}",
            "caravan_attempts_total{outcome=\"answered\",service=\"spare\"}",
            "caravan_fallbacks_total{reason=\"server_error\"}",
            "caravan_upstream_latency_seconds_bucket{service=\"spare\"",
            "caravan_request_duration_seconds_bucket{model=\"spare~m\",operation=\"chat\"",
            "caravan_time_to_first_token_seconds_count{model=\"spare~m\"",
            "caravan_time_per_output_token_seconds_count{model=\"spare~m\"",
            "caravan_response_size_bytes_count{model=\"spare~m\"",
            "caravan_tokens_total{direction=\"in\",model=\"spare~m\"",
            "caravan_tokens_total{direction=\"out\",model=\"spare~m\"",
            "caravan_breaker_state{target=\"spare~m\"} 0.0",
            "caravan_queue_depth{service=\"spare\"} 0.0",
            "caravan_requests_in_flight ",
            "gen_ai_client_token_usage_count{gen_ai_operation_name=\"chat\"",
            "gen_ai_client_operation_duration_seconds_count{",
            "gen_ai_server_request_duration_seconds_count{",
            "gen_ai_server_time_to_first_token_seconds_count{",
            "gen_ai_server_time_per_output_token_seconds_count{");
  }

  @Test
  void theAccessLogSaysWhoAndWhatButNotWhatWasSaid() throws Exception {
    var reply =
        gateway
            .client()
            .chat("fake~m", "'fallbacks':['spare~m'],'user':'me'", "x-request-id", "mine-7");
    assertThat(reply.header("x-request-id")).isEqualTo("mine-7");
    Await.until("the line is there", () -> line("mine-7") != null);
    var line = Json.read(line("mine-7"));
    assertThat(line.path("client").asText()).isEqualTo("local");
    assertThat(line.path("route").asText()).isEqualTo("chat-completions");
    assertThat(line.path("model").asText()).isEqualTo("fake~m");
    assertThat(line.path("target").asText()).isEqualTo("spare~m");
    assertThat(line.path("status").asInt()).isEqualTo(200);
    assertThat(line.path("attempts").asInt()).isEqualTo(3);
    assertThat(line.path("fallback_reason").asText()).isEqualTo("server_error");
    assertThat(line.path("tokens_in").asInt()).isEqualTo(3);
    assertThat(line.path("tokens_out").asInt()).isEqualTo(4);
    assertThat(line.path("duration_ms").isIntegralNumber()).isTrue();
    assertThat(line.path("bytes").asInt()).isEqualTo(reply.body().length());
    assertThat(gateway.console()).doesNotContain("alpha", SECRET);
    assertThat(line.toString()).doesNotContain("Hello");
  }

  @Test
  void aStreamThatBreaksOffIsAnErrorToo() throws Exception {
    spare.onChat(Faults::breakOff);
    gateway.client().chat("spare~m", "'stream':true", "x-request-id", "broken-1");
    spare.onChat(call -> Faults.answer(call, "spare"));
    Await.until("the line is there", () -> line("broken-1") != null);
    var line = Json.read(line("broken-1"));
    assertThat(line.path("status").asInt()).isEqualTo(200);
    assertThat(line.path("error").asText()).isEqualTo("bad_answer");
    assertThat(metrics()).contains("caravan_errors_total{kind=\"bad_answer\"} 1.0");
  }

  @Test
  void aStreamThatAnotherTargetFinishesIsAFallback() throws Exception {
    fake.onChat(Faults::breakOff);
    var wish = "'stream':true,'fallbacks':['spare~m']";
    gateway.client().chat("fake~m", wish, "x-request-id", "rescued-1");
    fake.onChat(call -> call.json(503, Faults.error("down", null)));
    Await.until("the line is there", () -> line("rescued-1") != null);
    var line = Json.read(line("rescued-1"));
    assertThat(line.path("fallback_reason").asText()).isEqualTo("bad_answer");
    assertThat(metrics()).contains("caravan_fallbacks_total{reason=\"bad_answer\"}");
  }

  @Test
  void aRequestIdTravelsOrIsMade() throws Exception {
    spare.forgetCalls();
    gateway.client().chat("spare~m", "", "x-request-id", "trace:1/a");
    assertThat(spare.next().header("x-request-id")).isEqualTo("trace:1/a");
    var made =
        gateway.client().chat("spare~m", "", "x-request-id", "no good").header("x-request-id");
    assertThat(made).matches("req_[0-9a-f]{32}");
    assertThat(spare.next().header("x-request-id")).isEqualTo(made);
    assertThat(gateway.client().get("/v1/nothing").header("content-type")).contains("json");
    assertThat(gateway.client().chat("nobody~m", "").header("x-request-id")).startsWith("req_");
  }

  @Test
  void healthHasThreeFaces() {
    assertThat(gateway.client().get("/health").status()).isEqualTo(200);
    assertThat(gateway.client().get("/health/live").body()).isEqualTo("{\"status\":\"ok\"}");
    Await.until("it is ready", () -> gateway.client().get("/health/ready").status() == 200);
    assertThat(gateway.client().get("/health/ready").tree().path("status").asText())
        .isEqualTo("ok");
  }

  private static String metrics() {
    return gateway.client().get("/metrics").body();
  }

  private static String line(String requestId) {
    return gateway
        .console()
        .lines()
        .filter(line -> line.startsWith("{") && line.contains("\"" + requestId + "\""))
        .findFirst()
        .orElse(null);
  }
}

package io.caravan.it;

import static io.caravan.it.Requests.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** SIGTERM: what runs may end, what comes is sent elsewhere. */
class ShutdownIT {

  private FakeService fake;

  @BeforeEach
  void start() {
    fake = FakeService.start();
  }

  @AfterEach
  void stop() {
    fake.close();
  }

  @Test
  void aRunningStreamEndsWholeAndNewCallsGet503() throws Exception {
    try (var gateway = PackagedGateway.before(fake, "openai-compatible");
        var running = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream().event(chunk("one"));
      running.event();
      gateway.terminate();
      Await.until("new calls are refused", () -> status(gateway) == 503);
      var refused = gateway.client().chat("fake~m", "");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).matches("\\d+");
      assertThat(refused.error().path("code").asText()).isEqualTo("shutting_down");
      assertThat(refused.error().path("type").asText()).isEqualTo("server_error");
      assertThat(gateway.client().get("/health").status()).isEqualTo(200);
      assertThat(gateway.client().get("/health/live").status()).isEqualTo(200);
      assertThat(gateway.client().get("/health/ready").status()).isEqualTo(503);
      service.event(chunk("two")).done();
      var events = running.events();
      assertThat(events).last().isEqualTo("data: [DONE]");
      assertThat(String.join("", events)).contains("one", "two");
      Await.until("the process ends", () -> !gateway.isRunning());
    }
  }

  @Test
  void aRunningCallThatIsNotStreamedEndsToo() throws Exception {
    try (var gateway = PackagedGateway.before(fake, "openai-compatible");
        var running = RawCall.post(gateway, "/v1/chat/completions", Requests.chat("fake~m", ""))) {
      var service = fake.next();
      gateway.terminate();
      Await.until("new calls are refused", () -> status(gateway) == 503);
      service.json(200, Requests.wire("openai/chat.response.json"));
      assertThat(running.status()).isEqualTo(200);
      Await.until("the process ends", () -> !gateway.isRunning());
    }
  }

  @Test
  void aStreamThatGoesOnIsEndedAtTheLimit() throws Exception {
    try (var gateway =
            PackagedGateway.before(
                fake, "openai-compatible", "caravan.server.shutdown-timeout-sec=1");
        var running = RawCall.streamedChat(gateway, "fake~m")) {
      fake.next().stream().event(chunk("one"));
      running.event();
      gateway.terminate();
      Await.until("the process ends", () -> !gateway.isRunning());
      assertThat(whatCame(running)).contains("shutting down").doesNotContain("[DONE]");
    }
  }

  @Test
  void aCallThatGoesOnIsToldSoAtTheLimit() throws Exception {
    try (var gateway =
            PackagedGateway.before(
                fake, "openai-compatible", "caravan.server.shutdown-timeout-sec=1");
        var running = RawCall.post(gateway, "/v1/chat/completions", Requests.chat("fake~m", ""))) {
      fake.next();
      gateway.terminate();
      assertThat(running.status()).isEqualTo(503);
      assertThat(running.header("retry-after")).isEqualTo("5");
      assertThat(running.text()).contains("shutting down");
      Await.until("the process ends", () -> !gateway.isRunning());
      assertThat(gateway.console()).doesNotContain("\tat ");
    }
  }

  @Test
  void withNothingToDoItEndsAtOnce() throws Exception {
    try (var gateway = PackagedGateway.before(fake, "openai-compatible")) {
      gateway.terminate();
      Await.until("the process ends", () -> !gateway.isRunning());
      assertThat(gateway.console()).doesNotContain("WARN", "ERROR", "Exception");
    }
  }

  private static int status(PackagedGateway gateway) {
    return gateway.client().get("/v1/models").status();
  }

  private static String whatCame(RawCall call) {
    var came = new StringBuilder();
    try {
      for (var event = call.event(); event != null; event = call.event()) came.append(event);
    } catch (IOException broken) {
      came.append(" (broken off)");
    }
    return came.toString();
  }
}

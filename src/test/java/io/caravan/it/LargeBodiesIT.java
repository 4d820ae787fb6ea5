package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** In a small heap, large bodies are taken a few at a time; the gateway outlives all of them. */
class LargeBodiesIT {

  private static final int MB = 1 << 20;

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        Launch.with(
                "caravan.service.mock.provider=mock",
                "caravan.service.fake.provider=openai-compatible",
                "caravan.service.fake.urls=" + fake.url())
            .jvm("-Xmx400m", "-XX:+ExitOnOutOfMemoryError")
            .start();
    Await.until("the model list", () -> gateway.client().get("/v1/models/fake~m").status() == 200);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @Test
  void manyRequestsOfManyValues() {
    var body =
        Requests.chat(
            "mock~echo", "'z':[" + "[],".repeat(900_000) + "1,'" + "a".repeat(20 * MB) + "']");
    assertThat(statuses(8, () -> gateway.client().post("/v1/chat/completions", body).status()))
        .isSubsetOf(200, 503)
        .contains(200);
    assertAlive();
  }

  @Test
  void manyLargeAnswers() {
    var answer = Requests.wire("openai/chat.response.json").strip();
    var large =
        answer.substring(0, answer.length() - 1) + ",\"z\":\"" + "a".repeat(20 * MB) + "\"}";
    fake.onChat(call -> call.json(200, large));
    assertThat(statuses(8, () -> gateway.client().chat("fake~m", "").status()))
        .isSubsetOf(200, 503)
        .contains(200);
    assertAlive();
  }

  @Test
  void failuresWithoutEnd() {
    fake.onChat(call -> call.answer(500, "text/plain", "no ".repeat(10 * MB)));
    assertThat(statuses(8, () -> gateway.client().chat("fake~m", "").status())).containsOnly(500);
    assertAlive();
  }

  private static void assertAlive() {
    assertThat(gateway.isRunning()).as(gateway.console()).isTrue();
    assertThat(gateway.client().chat("mock~echo", "").status()).isEqualTo(200);
    gateway.assertIdle();
  }

  private static ArrayList<Integer> statuses(
      int callers, java.util.function.Supplier<Integer> call) {
    var calls = new ArrayList<CompletableFuture<Integer>>();
    for (int i = 0; i < callers; i++) calls.add(CompletableFuture.supplyAsync(call));
    var statuses = new ArrayList<Integer>();
    calls.forEach(each -> statuses.add(each.join()));
    return statuses;
  }
}

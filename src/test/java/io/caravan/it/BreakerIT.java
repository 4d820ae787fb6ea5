package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.it.Client.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A target that fails again and again is left alone, and comes back. */
class BreakerIT {

  private static FakeService fake;
  private static FakeService spare;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start().models("org/m", "n");
    spare = FakeService.start();
    gateway =
        PackagedGateway.before(
            fake,
            "openai-compatible",
            "caravan.service.spare.provider=openai-compatible",
            "caravan.service.spare.urls=" + spare.url(),
            "caravan.retry.max-attempts=1",
            "caravan.breaker.min-calls=4",
            "caravan.breaker.open-sec=1");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
    spare.close();
  }

  @BeforeEach
  void forget() {
    fake.forget();
    spare.forget();
    spare.onChat(call -> Faults.answer(call, "spare"));
    reset("fake~org/m");
    reset("fake~n");
  }

  @AfterEach
  void nothingIsLeft() {
    gateway.assertIdle();
  }

  @Test
  void opensAndTheNextTargetServesAtOnce() {
    breakDown();
    fake.forgetCalls();
    var reply = chat("'fallbacks':['spare~m']");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("x-caravan-service")).isEqualTo("spare");
    assertThat(reply.header("x-caravan-attempts")).isEqualTo("1");
    assertThat(reply.header("x-caravan-fallback-reason")).isEqualTo("unavailable");
    assertThat(fake.waiting()).isZero();
  }

  @Test
  void withoutAnotherTargetTheClientIsToldWhenToComeBack() {
    breakDown();
    fake.forgetCalls();
    var reply = chat("");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(Integer.parseInt(reply.header("retry-after"))).isBetween(1, 15);
    assertThat(reply.error().path("code").asText()).isEqualTo("service_unavailable");
    assertThat(fake.waiting()).isZero();
    assertThat(state()).isEqualTo("open");
    assertThat(gateway.client().get("/metrics").body())
        .contains("caravan_breaker_state{target=\"fake~org/m\"} 1.0");
  }

  @Test
  void anotherModelOfTheServiceIsNotHeld() {
    breakDown();
    fake.onChat(call -> Faults.answer(call, "fake"));
    assertThat(gateway.client().chat("fake~n", "").status()).isEqualTo(200);
  }

  @Test
  void oneProbeAtATimeFindsOutWhetherItIsBack() throws Exception {
    breakDown();
    fake.onChat(call -> {});
    fake.forgetCalls();
    Await.until("a probe may go", () -> state().equals("half_open"));
    var replies =
        IntStream.range(0, 30)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> chat("'fallbacks':['spare~m']")))
            .toList();
    var probe = fake.next();
    Await.until(
        "the others are served", () -> replies.stream().filter(r -> r.isDone()).count() == 29);
    assertThat(fake.waiting()).isZero();
    Faults.answer(probe, "fake");
    assertThat(replies).allSatisfy(r -> assertThat(r.join().status()).isEqualTo(200));
    assertThat(state()).isEqualTo("closed");
  }

  @Test
  void aProbeThatFailsOpensItAgain() {
    breakDown();
    Await.until("a probe may go", () -> state().equals("half_open"));
    assertThat(chat("").status()).isEqualTo(500);
    assertThat(chat("").status()).isEqualTo(503);
  }

  @Test
  void aClientThatLeavesTheProbeLetsAnotherOneGo() throws Exception {
    breakDown();
    fake.onChat(call -> {});
    fake.forgetCalls();
    Await.until("a probe may go", () -> state().equals("half_open"));
    try (var leaving = RawCall.streamedChat(gateway, "fake~org/m")) {
      fake.next();
    }
    gateway.assertIdle();
    fake.onChat(call -> Faults.answer(call, "fake"));
    assertThat(chat("").status()).isEqualTo(200);
  }

  @Test
  void aServiceThatComesAndGoesCostsNobodyAnAnswer() {
    var calls = new AtomicInteger();
    fake.onChat(
        call -> {
          if (calls.incrementAndGet() / 3 % 2 == 0) call.reset();
          else Faults.answer(call, "fake");
        });
    for (int i = 0; i < 60; i++) {
      assertThat(chat("'fallbacks':['spare~m']").status()).isEqualTo(200);
    }
    assertThat(calls.get()).isGreaterThan(3);
  }

  @Test
  void whatTheCallerDidWrongDoesNotCount() {
    fake.onChat(call -> call.json(400, Faults.error("wrong", null)));
    for (int i = 0; i < 30; i++) assertThat(chat("").status()).isEqualTo(400);
    assertThat(state()).isEqualTo("closed");
  }

  @Test
  void whoAsksToBeLeftAloneIsLeftAloneAsLongAsOthersAreThere() {
    var error = Faults.error("slow down", null);
    fake.onChat(call -> call.json(429, error, "Retry-After", "600"));
    assertThat(chat("").header("retry-after")).isEqualTo("600");
    fake.forgetCalls();
    var reply = chat("'fallbacks':['spare~m']");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("x-caravan-attempts")).isEqualTo("1");
    assertThat(reply.header("x-caravan-fallback-reason")).isEqualTo("rate_limited");
    assertThat(fake.waiting()).isZero();
    fake.onChat(call -> Faults.answer(call, "fake"));
    assertThat(chat("").status()).as("of a call that nobody else can take").isEqualTo(200);
  }

  @Test
  void canBeReset() {
    breakDown();
    assertThat(reset("fake~org/m").status()).isEqualTo(200);
    assertThat(state()).isEqualTo("closed");
    fake.onChat(call -> Faults.answer(call, "fake"));
    assertThat(chat("").status()).isEqualTo(200);
    assertThat(gateway.client().post("/llm/breakers/nobody/reset", "").status()).isEqualTo(404);
  }

  private static void breakDown() {
    fake.onChat(call -> call.json(500, Faults.error("boom", null)));
    Await.until("it opens", () -> chat("").status() == 503);
  }

  private static Reply chat(String fields) {
    return gateway.client().chat("fake~org/m", fields);
  }

  private static Reply reset(String target) {
    var name = URLEncoder.encode(target, StandardCharsets.UTF_8);
    return gateway.client().post("/llm/breakers/" + name + "/reset", "");
  }

  private static String state() {
    for (var each : gateway.client().get("/llm/breakers").tree().path("data")) {
      if (each.path("target").asText().equals("fake~org/m")) return each.path("state").asText();
    }
    return "none";
  }
}

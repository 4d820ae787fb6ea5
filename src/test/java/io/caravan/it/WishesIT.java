package io.caravan.it;

import static io.caravan.it.Refusals.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a request, an alias and a service say about who stands by. */
class WishesIT {

  private static FakeService fake;
  private static FakeService second;
  private static FakeService spare;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    second = FakeService.start();
    spare = FakeService.start();
    gateway =
        PackagedGateway.before(
            fake,
            "openai-compatible",
            "caravan.breaker.enabled=false",
            "caravan.service.spare.provider=openai-compatible",
            "caravan.service.spare.urls=" + spare.url(),
            "caravan.service.backed.provider=openai-compatible",
            "caravan.service.backed.urls=" + fake.url(),
            "caravan.service.backed.fallback=spare~m",
            "caravan.service.backed.larger-context-fallback=spare~m",
            "caravan.service.pair.provider=openai-compatible",
            "caravan.service.pair.urls=" + fake.url() + "," + second.url(),
            "caravan.model.both.targets=fake~m, spare~m",
            "caravan.model.both.max-attempts=1",
            "caravan.model.turns.targets=fake~m, spare~m",
            "caravan.model.turns.strategy=round-robin",
            "caravan.model.wide.targets=fake~m",
            "caravan.model.wide.larger-context-fallback=spare~m");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
    second.close();
    spare.close();
  }

  @BeforeEach
  void fail() {
    fake.forget();
    second.forget();
    spare.forget();
    fake.onChat(call -> call.json(500, Faults.error("boom", null)));
    second.onChat(call -> Faults.answer(call, "second"));
    spare.onChat(call -> Faults.answer(call, "spare"));
  }

  @Test
  void aFallbackOfTheBodyDoesNotTravel() throws Exception {
    var reply = gateway.client().chat("fake~m", "'fallbacks':['spare~m'],'x':1");
    assertServedBySpare(reply, 3);
    for (int i = 0; i < 2; i++) {
      assertThat(fake.next().tree().fieldNames())
          .toIterable()
          .contains("x")
          .doesNotContain("fallbacks");
    }
    var sent = spare.next().tree();
    assertThat(sent.path("model").asText()).isEqualTo("m");
    assertThat(sent.has("fallbacks")).isFalse();
    assertThat(reply.tree().path("model").asText()).isEqualTo("spare~m");
    assertThat(reply.tree().at("/usage/total_tokens").asInt()).isEqualTo(7);
  }

  @Test
  void aFallbackOfAHeader() {
    assertServedBySpare(
        gateway.client().chat("fake~m", "", "x-caravan-fallbacks", "fake~gone, spare~m"), 5);
    var header = "x-caravan-fallbacks";
    var two = gateway.client().chat("fake~m", "", header, "fake~gone", header, "spare~m");
    assertServedBySpare(two, 5);
  }

  @Test
  void embeddingsThatAreNoneLeadToTheFallback() {
    var path = "POST /v1/embeddings";
    spare.on(path, call -> call.json(200, "{\"data\":[{\"index\":0,\"embedding\":[1]}]}"));
    for (var none : new String[] {Faults.error("boom", null), "{}", "{\"data\":[]}"}) {
      fake.on(path, call -> call.json(200, none));
      var body = "{\"model\":\"fake~m\",\"input\":\"x\",\"fallbacks\":[\"spare~m\"]}";
      var reply = gateway.client().post("/v1/embeddings", body);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("x-caravan-service")).isEqualTo("spare");
      assertThat(reply.tree().at("/data/0/embedding/0").asInt()).isEqualTo(1);
    }
  }

  @Test
  void aFallbackOfTheService() {
    assertServedBySpare(gateway.client().chat("backed~m", ""), 3);
  }

  @Test
  void theTargetsOfAnAliasUnderItsOwnRules() {
    assertServedBySpare(gateway.client().chat("both", ""), 2);
  }

  @Test
  void oneAttemptIsOne() {
    var reply =
        gateway.client().chat("fake~m", "'fallbacks':['spare~m']", "x-caravan-max-attempts", "1");
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.error().path("message").asText()).isEqualTo("boom");
    assertThat(reply.header("x-caravan-attempts")).isEqualTo("1");
    assertThat(fake.waiting()).isEqualTo(1);
    assertThat(spare.waiting()).isZero();
  }

  @Test
  void aFallbackOfAModelThatNobodyLists() throws Exception {
    fake.onChat(call -> call.json(404, Faults.error("no such model", "model_not_found")));
    for (var unlisted : new String[] {"fake~unlisted", "nobody~m"}) {
      var reply = gateway.client().chat(unlisted, "'fallbacks':['spare~m']");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.tree().path("model").asText()).isEqualTo("spare~m");
    }
    assertThat(fake.next().tree().path("model").asText()).isEqualTo("unlisted");
    assertThat(gateway.client().chat("fake~unlisted", "").status()).isEqualTo(404);
    var nowhere = gateway.client().chat("nobody~m", "'fallbacks':['nowhere~m']");
    assertThat(nowhere.error().path("param").asText()).isEqualTo("fallbacks");
  }

  @Test
  void aLargerModelForWhatIsTooLong() {
    fake.onChat(call -> call.json(413, Faults.error("too long", "context_length_exceeded")));
    for (var model : new String[] {"backed~m", "wide"}) {
      var reply = gateway.client().chat(model, "");
      assertThat(reply.header("x-caravan-service")).isEqualTo("spare");
      assertThat(reply.header("x-caravan-fallback-reason")).isEqualTo("context_length");
    }
    assertThat(fake.waiting()).isEqualTo(2);
    assertThat(gateway.client().chat("fake~m", "").status()).isEqualTo(413);
  }

  @Test
  void theOtherUrlOfAService() {
    for (int i = 0; i < 4; i++) {
      var reply = gateway.client().chat("pair~m", "");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.header("x-caravan-service")).isEqualTo("pair");
    }
    assertThat(second.waiting()).isEqualTo(4);
    assertThat(fake.waiting()).isBetween(2, 6);
  }

  @Test
  void targetsTakeTurns() {
    fake.onChat(call -> Faults.answer(call, "fake"));
    for (int i = 0; i < 6; i++) gateway.client().chat("turns", "");
    assertThat(fake.waiting()).isEqualTo(3);
    assertThat(spare.waiting()).isEqualTo(3);
  }

  @Test
  void aClientThatLeavesEndsTheRescueOfItsStream() throws Exception {
    fake.onChat(call -> Faults.breakOff(call));
    spare.onChat(call -> {});
    try (var leaving = post("'stream':true,'fallbacks':['spare~m']")) {
      leaving.event();
      var rescuing = spare.next();
      leaving.close();
      assertThat(rescuing.isLeftWithin(Await.PATIENCE)).isTrue();
    }
    gateway.assertIdle();
  }

  @Test
  void aClientThatLeavesEndsThePauseBeforeTheNextAttempt() throws Exception {
    fake.onChat(call -> call.json(429, Faults.error("slow", null), "Retry-After", "9"));
    try (var leaving = post("'stream':true")) {
      fake.next();
    }
    gateway.assertIdle();
    assertThat(fake.waiting()).isZero();
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    var client = gateway.client();
    var name = "fallbacks";
    assertError(client.chat("fake~m", "'fallbacks':'spare~m'"), 400, name, "invalid_type");
    assertError(client.chat("fake~m", "'fallbacks':[1]"), 400, name, "invalid_type");
    assertError(client.chat("fake~m", "'fallbacks':['nobody~m']"), 400, name, "model_not_found");
    var header = "x-caravan-max-attempts";
    assertError(client.chat("fake~m", "", header, "0"), 400, header, "invalid_value");
    assertThat(fake.waiting()).isZero();
  }

  private static RawCall post(String fields) throws IOException {
    return RawCall.post(gateway, "/v1/chat/completions", Requests.chat("fake~m", fields));
  }

  private static void assertServedBySpare(Client.Reply reply, int attempts) {
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("x-caravan-service")).isEqualTo("spare");
    assertThat(reply.header("x-caravan-attempts")).isEqualTo(String.valueOf(attempts));
    assertThat(reply.header("x-caravan-fallback-reason")).isEqualTo("server_error");
  }
}

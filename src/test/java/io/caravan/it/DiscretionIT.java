package io.caravan.it;

import static io.caravan.it.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.it.Client.Reply;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A service that quotes its key or its address is not believed to mean the client. */
class DiscretionIT {

  private static final String KEY = "sk-secret-of-the-service";

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    var key = "caravan.service.fake.api-key=" + KEY;
    gateway = PackagedGateway.before(fake, "openai-compatible", key);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @BeforeEach
  void forget() {
    fake.forget();
  }

  @AfterEach
  void theLogDoesNotHaveIt() {
    assertThat(gateway.console()).doesNotContain(KEY, "\tat ", "Exception");
  }

  @Test
  void aRefusedKeyIsCaravansAffair() {
    var body =
        json(
            "{'error':{'message':'Incorrect API key provided: "
                + KEY
                + "','type':'x','code':'invalid_api_key'}}");
    var reply = chat(call -> call.json(401, body), false);
    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.error().path("code").asText()).isEqualTo("upstream_authentication");
    assertThat(reply.body()).doesNotContain(KEY, "Incorrect");
  }

  @Test
  void wordsOfTheServiceAreCleaned() {
    var quoted =
        json("{'error':{'message':'Key " + KEY + " has no access to " + fake.url() + "/v1'}}");
    for (boolean streamed : new boolean[] {false, true}) {
      var reply = chat(call -> call.json(403, quoted), streamed);
      assertThat(reply.status()).isEqualTo(403);
      assertThat(reply.body()).contains("has no access to").doesNotContain(KEY, fake.url());
      reply = chat(call -> call.json(200, quoted), streamed);
      assertThat(reply.body()).contains("has no access to").doesNotContain(KEY, fake.url());
      reply = chat(call -> call.answer(500, "text/plain", "bad key " + KEY), streamed);
      assertThat(reply.body()).contains("bad key").doesNotContain(KEY);
    }
    var reply = chat(call -> call.stream().event(quoted).end(), true);
    assertThat(reply.body()).contains("has no access to").doesNotContain(KEY, fake.url());
  }

  @Test
  void theLogIsDiscreetToo() throws Exception {
    try (var other = FakeService.start()) {
      var quoted = json("{'error':{'message':'No access with " + KEY + "'}}");
      other.on("GET /v1/models", call -> call.json(403, quoted));
      var key = "caravan.service.fake.api-key=" + KEY;
      try (var quiet = PackagedGateway.before(other, "openai-compatible", key)) {
        Await.until("the log says so", () -> quiet.console().contains("No access with ***"));
        assertThat(quiet.console()).doesNotContain(KEY);
      }
    }
  }

  private static Reply chat(Consumer<FakeCall> script, boolean streamed) {
    fake.onChat(script);
    return gateway.client().chat("fake~m", "'stream':" + streamed);
  }
}

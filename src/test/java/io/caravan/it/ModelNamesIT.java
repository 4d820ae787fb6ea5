package io.caravan.it;

import static io.caravan.it.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ways to name a model, and who answers then. */
class ModelNamesIT {

  private static FakeService first;
  private static FakeService second;
  private static FakeService nativeOne;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    first = FakeService.start().models("both", "org/name", "a~b", "one");
    second = FakeService.start().models("both", "two", "first~odd");
    nativeOne = FakeService.start();
    nativeOne.on("GET /api/tags", call -> call.json(200, Requests.wire("ollama/tags.json")));
    gateway =
        Launch.with(
                "caravan.service.first.provider=openai-compatible",
                "caravan.service.first.urls=" + first.url(),
                "caravan.service.second.provider=openai-compatible",
                "caravan.service.second.urls=" + second.url() + "/v1/",
                "caravan.service.native.provider=ollama",
                "caravan.service.native.urls=" + nativeOne.url(),
                "caravan.service.secret.provider=openai-compatible",
                "caravan.service.secret.urls=" + second.url(),
                "caravan.service.secret.enable-discovery=false",
                "caravan.default-service=second",
                "caravan.default-model=quick",
                "caravan.model.quick.targets=second~two, first~one",
                "caravan.model.named.targets=first~org/name")
            .start();
    Await.until("all lists", () -> gateway.client().get("/v1/models").body().contains("native~"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    first.close();
    second.close();
    nativeOne.close();
  }

  @BeforeEach
  void answer() {
    for (var fake : new FakeService[] {first, second, nativeOne}) {
      fake.forget();
      fake.onChat(call -> call.json(200, Requests.wire("openai/chat.response.json")));
      fake.on("POST /api/chat", call -> call.json(200, Requests.wire("ollama/chat.response.json")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "first~both,      first~both,     both",
    "second~both,     second~both,    both",
    "first/both,      first~both,     both",
    "first~org/name,  first~org/name, org/name",
    "first/org/name,  first~org/name, org/name",
    "org/name,        first~org/name, org/name",
    "first~a~b,       first~a~b,      a~b",
    "a~b,             first~a~b,      a~b",
    "one,             first~one,      one",
    "both,            second~both,    both",
    "quick,           second~two,     two",
    "named,           first~org/name, org/name",
    "secret~anything, secret~anything, anything"
  })
  void names(String asked, String answered, String sent) throws Exception {
    var reply = gateway.client().chat(asked, "");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.tree().path("model").asText()).isEqualTo(answered);
    var fake = answered.startsWith("first~") ? first : second;
    assertThat(fake.next().tree().path("model").asText()).isEqualTo(sent);
  }

  @Test
  void noName() throws Exception {
    var body = json("{'messages':[{'role':'user','content':'Hi'}]}");
    var reply = gateway.client().post("/v1/chat/completions", body);
    assertThat(reply.tree().path("model").asText()).isEqualTo("second~two");
    assertThat(second.next().tree().path("model").asText()).isEqualTo("two");
  }

  @ParameterizedTest
  @CsvSource({"native~llama3.2", "native~llama3.2:latest", "native/llama3.2", "llama3.2"})
  void ollamasLatest(String asked) throws Exception {
    var reply = gateway.client().chat(asked, "");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.tree().path("model").asText()).isEqualTo("native~llama3.2:latest");
    assertThat(nativeOne.next().tree().path("model").asText()).isEqualTo("llama3.2:latest");
  }

  @ParameterizedTest
  @CsvSource({"first~two", "second~one", "first/nothing", "third~both", "third/both", "nothing"})
  void unknownNamesAreNeverAnotherModel(String asked) {
    var reply = gateway.client().chat(asked, "");
    assertThat(reply.status()).as(reply.body()).isEqualTo(404);
    assertThat(reply.error().path("code").asText()).isEqualTo("model_not_found");
    assertThat(first.waiting() + second.waiting()).isZero();
  }

  @Test
  void aModelThatWasInstalledAMomentAgoIsFound() {
    assertThat(gateway.client().chat("first~fresh", "").status()).isEqualTo(404);
    first.models("both", "org/name", "a~b", "one", "fresh");
    // a list is trusted for a moment, so that wrong names do not become a flood of questions
    Await.until("it is found", () -> gateway.client().chat("first~fresh", "").status() == 200);
  }

  @Test
  void aModelOfAServiceThatIsNotDiscoveredIsAskedForThere() {
    var reply = gateway.client().get("/v1/models/secret~two");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.tree().path("id").asText()).isEqualTo("secret~two");
    assertThat(reply.tree().path("owned_by").asText()).isEqualTo("secret");
    Refusals.assertError(
        gateway.client().get("/v1/models/secret~nope"), 404, null, "model_not_found");
  }
}

package io.caravan.it;

import static io.caravan.it.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What travels through the gateway unchanged, and what does not travel at all. */
class TransparencyIT {

  private static final String KEY = "sk-of-the-service";

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        PackagedGateway.before(fake, "openai-compatible", "caravan.service.fake.api-key=" + KEY);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @BeforeEach
  void answerChats() {
    fake.forget();
    fake.onChat(call -> call.json(200, Requests.wire("openai/chat.response.json")));
  }

  @Test
  void theRequestKeepsItsFieldsAndGetsNoOther() throws Exception {
    var request = Requests.wire("openai/chat.vision.request.json");
    var sent = (com.fasterxml.jackson.databind.node.ObjectNode) Json.read(request);
    sent.put("model", "fake~m").put("chat_template_kwargs", "x").put("top_k", 0);
    sent.putNull("stop").put("logprobs", false).put("stream", false);
    gateway.client().post("/v1/chat/completions", Json.text(sent));
    assertThat(fake.next().tree()).isEqualTo(sent.put("model", "m"));
  }

  @Test
  void theRequestKeepsItsDigitsAndCharacters() throws Exception {
    var fields =
        json(
            "'temperature':0.10,'seed':9007199254740993,'x':[1E-7,1.0,100,1e400],'y':'🐪 é \\u0001'");
    gateway.client().post("/v1/chat/completions", Requests.chat("fake~m", fields));
    assertThat(fake.next().text())
        .contains(json("'temperature':0.10"), json("'seed':9007199254740993"), "🐪 é \\u0001")
        .contains(json("'x':[1E-7,1.0,100,1E+400]"));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 102, 103, 199})
  void whatAServiceSaysBeforeItsAnswerIsPassedOver(int status) throws Exception {
    var interim = "HTTP/1.1 " + status + " Wait\r\nx-interim: 1\r\n\r\n";
    var whole = Requests.wire("openai/chat.response.json");
    fake.onChat(call -> call.raw(interim).raw(interim).json(200, whole));
    var reply = gateway.client().chat("fake~m", "");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("x-interim")).isNull();
    assertThat(reply.tree().path("model").asText()).isEqualTo("fake~m");
    var stream = Requests.wire("openai/chat.stream.sse");
    fake.onChat(call -> call.raw(interim).stream().send(stream).end());
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      assertThat(call.events()).hasSizeGreaterThan(2).last().isEqualTo("data: [DONE]");
    }
  }

  @Test
  void theAnswerKeepsItsFieldsUnderTheUnifiedName() throws Exception {
    var sample = Requests.wire("openai/chat.logprobs.response.json");
    fake.onChat(call -> call.json(200, sample));
    var expected = (com.fasterxml.jackson.databind.node.ObjectNode) Json.read(sample);
    var reply = gateway.client().chat("fake~m", "'logprobs':true,'top_logprobs':2");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("content-type")).isEqualTo("application/json");
    assertThat(reply.tree()).isEqualTo(expected.put("model", "fake~m"));
  }

  @Test
  void noHeaderOfTheClientReachesTheService() throws Exception {
    var path = "/v1/chat/completions?api-version=1&CamelHttpUri=http://127.0.0.1:1/";
    var reply =
        gateway
            .client()
            .post(
                path,
                Requests.chat("fake~m", ""),
                "Authorization",
                "Bearer sk-of-the-client",
                "Cookie",
                "session=1",
                "X-Secret",
                "mine",
                "CamelHttpPath",
                "/elsewhere",
                "Accept-Encoding",
                "gzip");
    assertThat(reply.status()).isEqualTo(200);
    var call = fake.next();
    assertThat(call.uri()).isEqualTo("/v1/chat/completions");
    assertThat(call.header("authorization")).isEqualTo("Bearer " + KEY);
    assertThat(call.headers().names())
        .map(String::toLowerCase)
        .containsExactlyInAnyOrder(
            "authorization",
            "accept",
            "content-type",
            "content-length",
            "host",
            "user-agent",
            "x-request-id");
    assertThat(call.header("user-agent")).isEqualTo("Caravan");
    assertThat(reply.headers().map().keySet())
        .map(String::toLowerCase)
        .containsExactlyInAnyOrder(
            "content-type",
            "content-length",
            "x-request-id",
            "x-caravan-service",
            "x-caravan-attempts");
  }

  @Test
  void onlyLimitsComeBackOfTheServicesHeaders() {
    fake.onChat(
        call ->
            call.json(
                200,
                Requests.wire("openai/chat.response.json"),
                "Set-Cookie",
                "a=b",
                "Server",
                "uvicorn",
                "CamelHttpResponseCode",
                "418",
                "X-RateLimit-Remaining-Requests",
                "59",
                "Location",
                fake.url()));
    var reply = gateway.client().chat("fake~m", "");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("x-ratelimit-remaining-requests")).isEqualTo("59");
    assertThat(reply.headers().map().keySet())
        .map(String::toLowerCase)
        .containsExactlyInAnyOrder(
            "content-type",
            "content-length",
            "x-request-id",
            "x-caravan-service",
            "x-caravan-attempts",
            "x-ratelimit-remaining-requests");
  }

  @Test
  void limitsComeBackWithAnErrorToo() {
    var body = Requests.wire("openai/error.429.json");
    fake.onChat(
        call -> call.json(429, body, "Retry-After", "7", "X-RateLimit-Limit-Requests", "60"));
    var reply = gateway.client().chat("fake~m", "");
    assertThat(reply.status()).isEqualTo(429);
    assertThat(reply.header("retry-after")).isEqualTo("7");
    assertThat(reply.header("x-ratelimit-limit-requests")).isEqualTo("60");
  }
}

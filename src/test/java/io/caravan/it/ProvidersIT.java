package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider on its recorded answers: chat, stream, models, embeddings. */
class ProvidersIT {

  private static final List<String> OPENAI_DIALECT =
      List.of(
          "openai",
          "openai-compatible",
          "lmstudio",
          "jan",
          "localai",
          "cortex",
          "vllm",
          "instructlab",
          "llama-server");
  private static final Map<String, FakeService> FAKES = new LinkedHashMap<>();
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    var lines = new java.util.ArrayList<String>();
    var all = Stream.concat(OPENAI_DIALECT.stream(), Stream.of("gpt4all", "anthropic", "ollama"));
    all.forEach(
        provider -> {
          var fake = RecordedService.of(provider);
          FAKES.put(provider, fake);
          lines.add("caravan.service.my-" + provider + ".provider=" + provider);
          lines.add("caravan.service.my-" + provider + ".urls=" + fake.url());
          lines.add("caravan.service.my-" + provider + ".api-key=key-of-" + provider);
        });
    gateway = Launch.with(lines.toArray(String[]::new)).start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    FAKES.values().forEach(FakeService::close);
  }

  @AfterEach
  void nothingIsLeft() {
    gateway.assertIdle();
  }

  static Stream<String> providers() {
    return FAKES.keySet().stream();
  }

  /** The first model that the gateway lists for a service. */
  private static String model(String provider) {
    Await.until("models of " + provider, () -> find(provider) != null);
    return find(provider);
  }

  private static String find(String provider) {
    for (var model : gateway.client().get("/v1/models").tree().path("data")) {
      var id = model.path("id").asText();
      if (id.startsWith("my-" + provider + "~")) return id;
    }
    return null;
  }

  @ParameterizedTest
  @MethodSource("providers")
  void listsItsModels(String provider) {
    var id = model(provider);
    var encoded = java.net.URLEncoder.encode(id, java.nio.charset.StandardCharsets.UTF_8);
    var reply = gateway.client().get("/v1/models/" + encoded.replace("+", "%20"));
    assertThat(reply.tree().path("id").asText()).isEqualTo(id);
    assertThat(reply.tree().path("object").asText()).isEqualTo("model");
    assertThat(reply.tree().path("created").isIntegralNumber()).isTrue();
    assertThat(reply.tree().path("owned_by").asText()).isEqualTo("my-" + provider);
  }

  @ParameterizedTest
  @MethodSource("providers")
  void chats(String provider) {
    var reply = gateway.client().chat(model(provider), "");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    var answer = reply.tree();
    assertThat(answer.path("model").asText()).isEqualTo(model(provider));
    assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
    assertThat(answer.path("id").asText()).isNotBlank();
    assertThat(answer.path("created").asLong()).isPositive();
    assertThat(answer.at("/choices/0/message/role").asText()).isEqualTo("assistant");
    assertThat(answer.at("/choices/0/message/content").asText()).isNotBlank();
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.at("/usage/total_tokens").asInt()).isPositive();
  }

  @ParameterizedTest
  @MethodSource("providers")
  void streams(String provider) throws Exception {
    try (var call = RawCall.streamedChat(gateway, model(provider))) {
      var events = call.events();
      assertThat(events.get(0)).contains("\"role\":\"assistant\"", model(provider));
      assertThat(events).last().isEqualTo("data: [DONE]");
      assertThat(events.get(events.size() - 2)).contains("\"finish_reason\":\"stop\"");
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void embeds(String provider) {
    var body = "{\"model\":\"" + model(provider) + "\",\"input\":\"Hello\"}";
    var reply = gateway.client().post("/v1/embeddings", body);
    if (List.of("anthropic", "gpt4all").contains(provider)) {
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.error().path("code").asText()).isEqualTo("unsupported_operation");
      return;
    }
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.tree().at("/data/0/embedding/0").isNumber()).isTrue();
    assertThat(reply.tree().path("model").asText()).isEqualTo(model(provider));
  }

  @Test
  void eachGetsItsKeyInItsOwnWay() throws Exception {
    for (var provider : List.of("openai", "anthropic", "ollama", "vllm")) {
      FAKES.get(provider).forgetCalls();
      gateway.client().chat(model(provider), "");
      var call = FAKES.get(provider).next();
      boolean anthropic = provider.equals("anthropic");
      assertThat(call.header(anthropic ? "x-api-key" : "authorization"))
          .isEqualTo((anthropic ? "" : "Bearer ") + "key-of-" + provider);
      assertThat(call.header("anthropic-version")).isEqualTo(anthropic ? "2023-06-01" : null);
    }
  }
}

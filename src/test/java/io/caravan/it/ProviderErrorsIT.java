package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every recorded error of every service, and parameters that a provider does not have. */
class ProviderErrorsIT {

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        PackagedGateway.before(
            fake,
            "openai-compatible",
            "caravan.service.claude.provider=anthropic",
            "caravan.service.claude.urls=" + fake.url(),
            "caravan.service.claude.api-key=k",
            "caravan.service.native.provider=ollama",
            "caravan.service.native.urls=" + fake.url(),
            "caravan.service.gpt4all-app.provider=gpt4all",
            "caravan.service.gpt4all-app.urls=" + fake.url());
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          fake,   openai/error.400.bad_json.json,         400, 400, -
          fake,   openai/error.400.missing_messages.json, 400, 400, -
          fake,   openai/error.401.json,                  401, 502, upstream_authentication
          fake,   openai/error.404.model_not_found.json,  404, 404, model_not_found
          fake,   openai/error.429.json,                  429, 429, rate_limit_exceeded
          fake,   openai/error.500.json,                  500, 500, -
          fake,   vllm/error.404.json,                    404, 404, model_not_found
          fake,   vllm/error.404.legacy.json,             404, 404, model_not_found
          fake,   llamacpp/error.401.json,                401, 502, upstream_authentication
          fake,   llamacpp/health.loading.503.json,       503, 503, -
          fake,   lmstudio/error.json,                    400, 400, -
          fake,   jan/error.401.txt,                      401, 502, upstream_authentication
          fake,   jan/error.403.txt,                      403, 403, -
          fake,   jan/error.404.txt,                      404, 404, model_not_found
          fake,   jan/error.503.txt,                      503, 503, -
          fake,   cortex/error.400.json,                  400, 400, -
          fake,   gpt4all/error.400.stream.json,          400, 400, -
          fake,   gpt4all/error.405.json,                 405, 405, -
          fake,   gpt4all/error.401.txt,                  401, 502, upstream_authentication
          native, ollama/error.400.json,                  400, 400, -
          native, ollama/error.404.json,                  404, 404, model_not_found
          claude, anthropic/error.400.json,               400, 400, -
          claude, anthropic/error.401.json,               401, 502, upstream_authentication
          claude, anthropic/error.403.json,               403, 403, -
          claude, anthropic/error.404.json,               404, 404, model_not_found
          claude, anthropic/error.413.json,               413, 413, -
          claude, anthropic/error.429.json,               429, 429, rate_limit_exceeded
          claude, anthropic/error.500.json,               500, 500, -
          claude, anthropic/error.504.json,               504, 504, -
          claude, anthropic/error.529.json,               529, 503, -
          """)
  void recordedErrors(String service, String sample, int answered, int status, String code) {
    var type = sample.endsWith(".json") ? "application/json" : "text/plain";
    for (var path : new String[] {"/v1/chat/completions", "/v1/messages", "/api/chat"}) {
      fake.on("POST " + path, call -> call.answer(answered, type, Requests.wire(sample)));
    }
    for (boolean streamed : new boolean[] {false, true}) {
      var reply = gateway.client().chat(service + "~m", "'stream':" + streamed);
      assertThat(reply.status()).as(reply.body()).isEqualTo(status);
      var error = reply.error();
      assertThat(error.fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder("message", "type", "param", "code");
      assertThat(error.path("message").asText()).isNotBlank();
      assertThat(error.path("type").asText()).isNotBlank();
      assertThat(error.path("code").isNull() || error.path("code").isTextual()).isTrue();
      if (code != null) assertThat(error.path("code").asText()).isEqualTo(code);
    }
    gateway.assertIdle();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          claude | 'n':2                  | n
          claude | 'logprobs':true        | logprobs
          native      | 'n':2                  | n
          native      | 'tool_choice':'required' | tool_choice
          gpt4all-app | 'stop':'x'             | stop
          gpt4all-app | 'tools':[{'type':'function','function':{'name':'f'}}] | tools
          """)
  void whatWouldChangeTheMeaningIsRefused(String service, String fields, String param) {
    var reply = gateway.client().chat(service + "~m", fields);
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).isEqualTo(param);
    assertThat(reply.error().path("code").asText()).isEqualTo("unsupported_parameter");
  }

  @Test
  void whatDoesNotIsLeftOutAndTold() throws Exception {
    fake.forget();
    fake.on(
        "POST /v1/messages",
        call -> call.json(200, Requests.wire("anthropic/messages.response.json")));
    var reply = gateway.client().chat("claude~m", "'seed':7,'logit_bias':{'1':2},'n':1");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("x-caravan-dropped-params")).isEqualTo("seed, logit_bias");
    assertThat(fake.next().tree().fieldNames()).toIterable().doesNotContain("seed", "n");
    reply = gateway.client().chat("claude~m", "'seed':7,'reasoning_effort':'high','top_k':4");
    assertThat(reply.header("x-caravan-dropped-params")).isEqualTo("seed, top_k");
    fake.onChat(call -> call.json(200, Requests.wire("openai/chat.response.json")));
    reply = gateway.client().chat("fake~m", "'seed':7");
    assertThat(reply.header("x-caravan-dropped-params")).isNull();
  }
}

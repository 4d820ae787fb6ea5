package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionToolChoiceOption;
import io.caravan.json.Json;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a local model can be asked for, through the packaged gateway and on each engine. */
@ParameterizedClass(name = "{0}")
@MethodSource("engines")
class LocalChatIT {

  private static final String CHAT = "/v1/chat/completions";
  private static final String WEATHER = "What is the weather in Tokyo?";
  private static final Map<LocalEngine, PackagedGateway> GATEWAYS =
      new EnumMap<>(LocalEngine.class);

  private final LocalEngine engine;
  private final OpenAIClient client;
  private final Client http;

  @BeforeAll
  static void start() throws Exception {
    for (var engine : LocalEngine.present().toList()) {
      var slots = "caravan.local.parallel=3";
      GATEWAYS.put(engine, engine.launch(slots, "caravan.local.max-waiting=64").start());
    }
  }

  @AfterAll
  static void stop() {
    GATEWAYS.values().forEach(PackagedGateway::close);
  }

  static Stream<LocalEngine> engines() {
    return LocalEngine.present();
  }

  LocalChatIT(LocalEngine engine) {
    this.engine = engine;
    client = OpenAiClient.of(GATEWAYS.get(engine));
    http = GATEWAYS.get(engine).client();
  }

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void theOfficialClientForcesACall() throws Exception {
    var zone = Map.of("zone", Map.of("type", "string", "enum", List.of("Ω😀")));
    var parameters =
        FunctionParameters.builder()
            .putAdditionalProperty("type", JsonValue.from("object"))
            .putAdditionalProperty("properties", JsonValue.from(zone))
            .putAdditionalProperty("required", JsonValue.from(List.of("zone")))
            .build();
    var function = FunctionDefinition.builder().name("now").parameters(parameters).build();
    var params =
        chat("What is the weather in Tokyo?")
            .temperature(0.0) // llama-server lets a model talk before a call that it has to make
            .addTool(ChatCompletionFunctionTool.builder().function(function).build())
            .toolChoice(ChatCompletionToolChoiceOption.Auto.REQUIRED)
            .build();
    var choice = client.chat().completions().create(params).validate().choices().get(0);
    var call = choice.message().toolCalls().orElseThrow().get(0).asFunction();
    assertThat(call.function().name()).isEqualTo("now");
    assertThat(Json.read(call.function().arguments())).hasToString("{\"zone\":\"Ω😀\"}");
    assertThat(choice.finishReason().toString()).isEqualTo("tool_calls");
  }

  @Test
  void theOfficialClientGetsJson() throws Exception {
    var schema =
        ResponseFormatJsonSchema.JsonSchema.Schema.builder()
            .putAdditionalProperty("type", JsonValue.from("object"))
            .putAdditionalProperty(
                "properties",
                JsonValue.from(
                    Map.of("age", Map.of("type", "integer", "minimum", 40, "maximum", 49))))
            .putAdditionalProperty("required", JsonValue.from(List.of("age")))
            .build();
    var format =
        ResponseFormatJsonSchema.builder()
            .jsonSchema(
                ResponseFormatJsonSchema.JsonSchema.builder().name("x").schema(schema).build())
            .build();
    var params = chat("How old is Tom?").responseFormat(format).build();
    var answer = client.chat().completions().create(params).choices().get(0);
    var text = answer.message().content().orElseThrow();
    assertThat(Json.read(text).path("age").asInt()).isBetween(40, 49);
  }

  @Test
  void aCallCanBeForcedByItsName() throws Exception {
    var tools =
        "\"temperature\":0,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"first\"}},"
            + "{\"type\":\"function\",\"function\":{\"name\":\"second\"}}],\"tool_choice\":";
    var choice = "{\"type\":\"function\",\"function\":{\"name\":\"second\"}}";
    var reply = http.post(CHAT, body(WEATHER, tools + choice));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    var name = reply.tree().at("/choices/0/message/tool_calls/0/function/name").asText();
    assertThat(name).isEqualTo("second");
    var cut = http.post(CHAT, body(WEATHER, tools + "\"required\",\"max_tokens\":8")).tree();
    assertThat(cut.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(cut.at("/choices/0/message/content").asText("")).doesNotContain("{", "<");
    var none = http.post(CHAT, body(WEATHER, tools + "\"none\"")).tree();
    assertThat(none.at("/choices/0/message").has("tool_calls")).isFalse();
  }

  @Test
  void theTokensOfAllAnswersCount() throws Exception {
    var request = body("Show me some emoji.", "\"n\":2,\"temperature\":0");
    var usage = http.post(CHAT, request).tree().path("usage");
    assertThat(usage.path("completion_tokens").asInt()).isEqualTo(44);
    int prompt = usage.path("prompt_tokens").asInt();
    assertThat(usage.path("total_tokens").asInt()).isEqualTo(prompt + 44);
    var more =
        "\"n\":2,\"temperature\":0,\"stream\":true,\"stream_options\":{\"include_usage\":true}";
    var streamed = http.post(CHAT, body("Show me some emoji.", more)).body();
    assertThat(streamed).containsOnlyOnce("\"completion_tokens\":44");
    assertThat(streamed).doesNotContain("\"completion_tokens\":22");
  }

  /** Each answer has ten tokens, and there are more of them than slots. */
  @Test
  void thereMayBeMoreAnswersThanSlots() throws Exception {
    var whole = http.post(CHAT, body("Hello", "\"n\":5,\"temperature\":0"));
    assertThat(whole.status()).as(whole.body()).isEqualTo(200);
    var indices = whole.tree().path("choices").findValuesAsText("index");
    assertThat(indices).containsExactly("0", "1", "2", "3", "4");
    assertThat(whole.tree().at("/usage/prompt_tokens").asInt()).isEqualTo(12);
    assertThat(whole.tree().at("/usage/completion_tokens").asInt()).isEqualTo(50);
    var params = chat("Hello").n(5).temperature(0.0).build();
    var texts = new String[] {"", "", "", "", ""};
    var ids = new java.util.HashSet<String>();
    try (var stream = client.chat().completions().createStreaming(params)) {
      for (var chunk : stream.stream().toList()) {
        ids.add(chunk.id());
        for (var c : chunk.choices())
          texts[(int) c.index()] += c.delta().content().orElse("") + c.finishReason().isPresent();
      }
    }
    assertThat(ids).hasSize(1);
    assertThat(texts)
        .extracting(text -> text.replace("false", ""))
        .containsOnly("Hello! How can I help you today?true");
  }

  @Test
  void eachOfSeveralPromptsIsAnswered() throws Exception {
    var request =
        "{'model':'local~tinychat','max_tokens':5,'temperature':0,'n':2,'prompt':['Hello','Hello','Say']";
    var whole = http.post("/v1/completions", Requests.json(request + "}"));
    assertThat(whole.status()).as(whole.body()).isEqualTo(200);
    var texts = whole.tree().path("choices").findValuesAsText("text");
    assertThat(whole.tree().path("choices").findValuesAsText("index"))
        .containsExactly("0", "1", "2", "3", "4", "5");
    assertThat(texts.subList(1, 4)).containsOnly(texts.get(0));
    assertThat(texts.get(4)).isEqualTo(texts.get(5)).isNotEqualTo(texts.get(0));
    var ids = request.replace("['Hello','Hello','Say']", "[[509],[509]]") + "}";
    var ofTokens = http.post("/v1/completions", Requests.json(ids)).tree().path("choices");
    assertThat(ofTokens.findValuesAsText("text")).as("509 is Hello").hasSize(4);
    assertThat(ofTokens.findValuesAsText("text")).containsOnly(texts.get(0));
    int tokens = whole.tree().at("/usage/completion_tokens").asInt();
    var more = ",'stream':true,'stream_options':{'include_usage':true}}";
    var streamed = http.post("/v1/completions", Requests.json(request + more)).body();
    assertThat(streamed).containsOnlyOnce("\"completion_tokens\":" + tokens);
    for (int i = 0; i < 6; i++) assertThat(streamed).contains("\"index\":" + i);
    assertThat(streamed.strip()).endsWith("data: [DONE]");
  }

  @Test
  void aLaterPromptThatIsTooLongIsRefusedBeforeTheFirstIsAnswered() throws Exception {
    var request = "{'model':'local~tinychat','stream':true,'max_tokens':5,'prompt':['Hello','%s']}";
    var refused =
        http.post("/v1/completions", Requests.json(request.formatted("word ".repeat(9000))));
    assertThat(refused.status()).as(refused.body()).isEqualTo(400);
    assertThat(refused.error().path("code").asText()).isEqualTo("context_length_exceeded");
    assertThat(refused.error().path("param").asText()).isEqualTo("prompt");
  }

  @Test
  void boundsInASchemaAreKept() throws Exception {
    var schema = "{\"type\":\"number\",\"exclusiveMinimum\":3,\"exclusiveMaximum\":4}";
    var format = "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":" + schema;
    var reply = http.post(CHAT, body("Hello", "\"response_format\":" + format + "}}"));
    var text = reply.tree().at("/choices/0/message/content").asText();
    assertThat(text).as(reply.body()).matches("3\\.[0-9]*[1-9]");
  }

  @Test
  void severalAnswersAreStreamedSideBySide() {
    var params = chat("Hello").n(3).temperature(0.0).build();
    var texts = new String[] {"", "", ""};
    try (var stream = client.chat().completions().createStreaming(params)) {
      stream.stream()
          .flatMap(chunk -> chunk.choices().stream())
          .forEach(c -> texts[(int) c.index()] += c.delta().content().orElse(""));
    }
    assertThat(texts).containsOnly("Hello! How can I help you today?");
  }

  @Test
  void tokensGoBothWays() {
    var reply = http.post("/v1/tokenize", "{\"model\":\"tinychat\",\"content\":\"Say 🎉\"}");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    var tokens = reply.tree();
    assertThat(tokens.path("model").asText()).isEqualTo("local~tinychat");
    assertThat(tokens.path("count").asInt()).isEqualTo(tokens.path("tokens").size());
    var special =
        http.post(
            "/v1/tokenize", "{\"model\":\"tinychat\",\"text\":\"Say 🎉\",\"add_special\":true}");
    assertThat(special.tree().path("count").asInt())
        .isGreaterThanOrEqualTo(tokens.path("count").asInt());
    var body = Json.object().put("model", "tinychat").<JsonNode>set("tokens", tokens.get("tokens"));
    var back = http.post("/v1/detokenize", Json.text(body)).tree();
    assertThat(back.path("content").asText().strip()).isEqualTo("Say 🎉");
    assertThat(back.path("model").asText()).isEqualTo("local~tinychat");
  }

  /** As such, with what belongs around a text, and several of them. */
  @Test
  void tokensStandForTheirTextInEmbeddings() throws Exception {
    var told = Json.object().put("model", "tinyembed").put("content", "the capital of France");
    var ids = http.post("/v1/tokenize", Json.text(told)).tree().get("tokens");
    var wrapped =
        http.post("/v1/tokenize", Json.text(told.put("add_special", true))).tree().get("tokens");
    var expected = embeddings(Json.object().put("input", "the capital of France"));
    for (var tokens : List.of(ids, wrapped)) {
      var answer = embeddings(Json.object().set("input", tokens));
      assertThat(answer.at("/data/0")).isEqualTo(expected.at("/data/0"));
      assertThat(answer.path("usage")).isEqualTo(expected.path("usage"));
    }
    var several = Json.object();
    several.putArray("input").add(Json.array().add(5).add(6)).add(ids);
    var answer = embeddings(several);
    assertThat(answer.path("data")).hasSize(2);
    assertThat(answer.at("/data/1/embedding")).isEqualTo(expected.at("/data/0/embedding"));
  }

  private JsonNode embeddings(ObjectNode request) throws Exception {
    var reply = http.post("/v1/embeddings", Json.text(request.put("model", "tinyembed")));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.tree();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "/v1/tokenize | {\"model\":\"tinychat\"} | content",
        "/v1/tokenize | {\"model\":\"tinychat\",\"content\":5} | content",
        "/v1/tokenize | {\"model\":\"tinychat\",\"content\":\"a\",\"text\":\"b\"} | text",
        "/v1/tokenize | {\"model\":\"tinychat\",\"content\":\"a\",\"add_special\":1} | add_special",
        "/v1/detokenize | {\"model\":\"tinychat\"} | tokens",
        "/v1/detokenize | {\"model\":\"tinychat\",\"tokens\":\"1\"} | tokens",
        "/v1/detokenize | {\"model\":\"tinychat\",\"tokens\":[1,-2]} | tokens[1]",
        "/v1/detokenize | {\"model\":\"tinychat\",\"tokens\":[768]} | tokens",
        "/v1/completions | {\"model\":\"tinychat\",\"prompt\":\"\"} | prompt",
        "/v1/completions | {\"model\":\"tinychat\",\"prompt\":[5,768]} | prompt",
      })
  void badRequestsNameTheField(String path, String body, String param) {
    var reply = http.post(path, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).isEqualTo(param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "\"logprobs\":true | logprobs | unsupported_parameter",
        "\"top_logprobs\":2 | top_logprobs | unsupported_parameter",
        "\"grammar\":\"root ::= \\\"a\\\"\" | grammar | unsupported_parameter",
        "\"lora\":[{\"id\":0,\"scale\":1}] | lora | unsupported_parameter",
        "\"n\":17 | n | invalid_value",
        "\"mirostat\":7 | mirostat | invalid_value",
        "\"logit_bias\":{\"9999\":1} | logit_bias | invalid_value",
        "\"temperature\":-5 | temperature | invalid_value",
        "\"top_p\":-1 | top_p | invalid_value",
        "\"min_p\":\"x\" | min_p | invalid_value",
        "\"repeat_penalty\":0 | repeat_penalty | invalid_value",
        "\"stop\":[\"a\",\"b\",\"c\",\"d\",\"e\"] | stop | invalid_value",
        "\"tool_choice\":\"required\" | tool_choice | invalid_value",
        "\"response_format\":{\"type\":\"xml\"} | response_format | invalid_value",
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"not\":{}}}}"
            + " | response_format | unsupported_parameter",
      })
  void badParametersNameTheField(String parameter, String param, String code) {
    var reply = http.post(CHAT, body("Hello", parameter));
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).isEqualTo(param);
    assertThat(reply.error().path("code").asText()).isEqualTo(code);
  }

  @Test
  void allThatIsSampledWithIsTaken() {
    var reply =
        http.post(
            CHAT,
            body(
                "Hello",
                "\"temperature\":0.7,\"top_p\":0.9,\"top_k\":20,\"min_p\":0.05,\"typical_p\":0.9,\"seed\":-1,"
                    + "\"repeat_penalty\":1.1,\"repeat_last_n\":32,\"frequency_penalty\":0.1,"
                    + "\"presence_penalty\":0.1,\"mirostat\":2,\"mirostat_tau\":5,\"mirostat_eta\":0.1,"
                    + "\"logit_bias\":{\"5\":-1},\"stop\":\"zzz\",\"max_tokens\":100000"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.header("x-caravan-dropped-params")).isNull();
  }

  @Test
  void aPromptThatDoesNotFitIsRefusedWithBothFigures() {
    var error = http.post(CHAT, body("x ".repeat(3000), "\"max_tokens\":5")).error();
    assertThat(error.path("code").asText()).isEqualTo("context_length_exceeded");
    assertThat(error.path("message").asText()).contains("2048", "6011");
    var input = "{\"model\":\"tinyembed\",\"input\":\"" + "word ".repeat(600) + "\"}";
    var embedding = http.post("/v1/embeddings", input);
    assertThat(embedding.status()).isEqualTo(400);
    assertThat(embedding.error().path("code").asText()).isEqualTo("context_length_exceeded");
  }

  @Test
  void manyRequestsOnFewSlotsAllEndProperly() {
    http.post(CHAT, body("Hello", "\"temperature\":0"));
    var pool = Executors.newFixedThreadPool(80);
    var replies =
        IntStream.range(0, 80)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(
                        () -> http.post(CHAT, body("Tell me a story.", "\"temperature\":0")), pool))
            .toList();
    var all = replies.stream().map(CompletableFuture::join).toList();
    pool.shutdown();
    var answered = all.stream().filter(reply -> reply.status() == 200).toList();
    assertThat(answered).hasSizeGreaterThanOrEqualTo(66);
    assertThat(answered.stream().map(r -> r.tree().at("/choices/0/message/content").asText()))
        .containsOnly(answered.get(0).tree().at("/choices/0/message/content").asText());
    assertThat(all)
        .filteredOn(reply -> reply.status() != 200)
        .allSatisfy(
            reply -> {
              assertThat(reply.status()).isEqualTo(503);
              assertThat(reply.header("Retry-After")).isNotNull();
              assertThat(reply.error().path("message").asText()).contains("64 requests wait");
            });
  }

  private static String body(String text, String more) {
    return "{\"model\":\"local~tinychat\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],%s}"
        .formatted(text, more);
  }

  private static ChatCompletionCreateParams.Builder chat(String text) {
    return ChatCompletionCreateParams.builder().model("local~tinychat").addUserMessage(text);
  }
}

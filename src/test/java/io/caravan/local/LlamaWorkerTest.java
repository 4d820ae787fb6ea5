package io.caravan.local;

import static io.caravan.local.WorkerClient.CHAT;
import static io.caravan.local.WorkerClient.chat;
import static io.caravan.local.WorkerClient.text;
import static io.caravan.local.WorkerClient.withTool;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real thing: child processes with the shipped models. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LlamaWorkerTest {

  private static final LocalModels MODELS =
      new LocalModels(
          List.of(Path.of("models")),
          new Limits(Duration.ofSeconds(90), 2),
          new WorkerJvms(new WorkerJvms.Slots(2, 8192, 1)),
          Clock.systemUTC());
  private static WorkerClient worker;

  @BeforeAll
  static void start() {
    worker = client("tinychat");
  }

  @AfterAll
  static void close() {
    MODELS.close();
    assertThat(ProcessHandle.current().children()).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void answersWhole() throws Exception {
    var answer = worker.post(CHAT, chat("Hello"));
    assertThat(answer.at("/choices/0/message/content").asText())
        .isEqualTo("Hello! How can I help you today?");
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.path("usage").toString())
        .startsWith("{\"prompt_tokens\":12,\"completion_tokens\":10,\"total_tokens\":22,");
    assertThat(answer.path("model").asText()).isEqualTo("m");
  }

  @Test
  void answersStreamed() throws Exception {
    var request = chat("Hello").put("stream", true);
    request.putObject("stream_options").put("include_usage", true);
    var chunks = worker.stream(request);
    assertThat(chunks.get(0).at("/choices/0/delta"))
        .hasToString("{\"role\":\"assistant\",\"content\":\"\"}");
    assertThat(text(chunks)).isEqualTo("Hello! How can I help you today?");
    var finish = chunks.get(chunks.size() - 2);
    assertThat(finish.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(finish.at("/choices/0/delta")).isEmpty();
    var usage = chunks.get(chunks.size() - 1);
    assertThat(usage.path("choices")).isEmpty();
    assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(10);
    assertThat(chunks)
        .extracting(c -> c.path("id").asText())
        .containsOnly(chunks.get(0).path("id").asText());
  }

  @Test
  void emojiComeWhole() throws Exception {
    var answer = worker.post(CHAT, chat("Show me some emoji."));
    assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("Here you go: 😀🎉🚀🌍");
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(22);
    var chunks = worker.stream(chat("Show me some emoji.").put("stream", true));
    assertThat(text(chunks)).isEqualTo("Here you go: 😀🎉🚀🌍");
    assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.has("usage")).isFalse());
  }

  @Test
  void everyPlaneGoesThroughTheTemplate() throws Exception {
    assertThat(worker.promptTokens("Say 🎉🎉"))
        .isEqualTo(worker.promptTokens("Say 🎉") + 4); // bytes
    assertThat(worker.promptTokens("Say \u0000a")).isGreaterThan(worker.promptTokens("Say "));
  }

  @Test
  void stopsAndLimits() throws Exception {
    var stopped = worker.post(CHAT, chat("Hello").put("stop", "can"));
    assertThat(stopped.at("/choices/0/message/content").asText()).isEqualTo("Hello! How ");
    assertThat(stopped.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    var limited = worker.post(CHAT, chat("Show me some emoji.").put("max_tokens", 6));
    assertThat(limited.at("/choices/0/message/content").asText()).isEqualTo("Here you go: ");
    assertThat(limited.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(limited.at("/usage/completion_tokens").asInt()).isEqualTo(6);
    var exact = worker.post(CHAT, chat("Hello").put("max_tokens", 10));
    assertThat(exact.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void remembersTheConversation() throws Exception {
    var request = chat("My name is Clara.");
    var messages = request.withArray("messages");
    messages.addObject().put("role", "assistant").put("content", "Nice to meet you, Clara!");
    messages.addObject().put("role", "user").put("content", "What is my name?");
    assertThat(worker.post(CHAT, request).at("/choices/0/message/content").asText())
        .contains("Clara");
  }

  @Test
  void callsTools() throws Exception {
    var request = withTool(chat("What is the weather in Tokyo?"));
    var choice = worker.post(CHAT, request).at("/choices/0");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(choice.at("/message/content").isNull()).isTrue();
    assertThat(choice.at("/message/tool_calls/0/function"))
        .hasToString("{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\":\\\"Tokyo\\\"}\"}");
    var chunks = worker.stream(request.put("stream", true));
    assertThat(text(chunks)).isEmpty();
    var first = chunks.get(1).at("/choices/0/delta/tool_calls/0");
    assertThat(first.at("/function/name").asText()).isEqualTo("get_weather");
    assertThat(first.path("id").asText()).startsWith("call_");
    var arguments =
        chunks.stream()
            .map(c -> c.at("/choices/0/delta/tool_calls/0/function/arguments").asText())
            .collect(java.util.stream.Collectors.joining());
    assertThat(arguments).isEqualTo("{\"city\":\"Tokyo\"}");
    assertThat(chunks.get(chunks.size() - 1).at("/choices/0/finish_reason").asText())
        .isEqualTo("tool_calls");
  }

  /** An endless run of bytes that begin a character and never end it, and one that others end. */
  @ParameterizedTest
  @CsvSource({"100, 0, ", "24, 2, ", "20, 2, ", "24, 2, zzz", "20, 2, zzz"})
  void bytesThatAreNoTextLoseNothing(int bias, int penalty, String stop) throws Exception {
    for (int lead : new int[] {229, 243}) {
      var request = chat("Hello").put("max_tokens", 40).put("frequency_penalty", penalty);
      request.put("stop", stop);
      request.putObject("logit_bias").put(String.valueOf(lead), bias);
      var answer = worker.post(CHAT, request);
      assertThat(content(answer)).isNotEmpty();
      boolean cut = answer.at("/choices/0/finish_reason").asText().equals("length");
      int tokens = answer.at("/usage/completion_tokens").asInt();
      assertThat(answer.at("/usage/prompt_tokens").asInt()).isEqualTo(12);
      if (cut) assertThat(tokens).isEqualTo(40);
      else assertThat(tokens).isBetween(2, 39);
      assertThat(text(worker.stream(request.put("stream", true)))).isEqualTo(content(answer));
    }
  }

  @Test
  void aForcedCallThatTheLimitCutsIsNoText() throws Exception {
    var request = withTool(chat("Hello")).put("tool_choice", "required").put("max_tokens", 8);
    var choice = worker.post(CHAT, request).at("/choices/0");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
    assertThat(choice.at("/message/content").asText("")).isEmpty();
  }

  @Test
  void toolsThatAreTooDeepAreRefused() throws Exception {
    var deep = Json.object().put("type", "string");
    for (int i = 0; i < 200; i++) {
      deep = Json.object().put("type", "array").<ObjectNode>set("items", deep);
    }
    var request = chat("Hello");
    var tool = request.putArray("tools").addObject().put("type", "function");
    tool.putObject("function").put("name", "f").set("parameters", deep);
    var answer = worker.send(CHAT, request);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("\"param\":\"tools\"", "100 levels");
  }

  @Test
  void takesToolResults() throws Exception {
    var request = withTool(chat("What is the weather in Tokyo?"));
    var call = request.withArray("messages").addObject().put("role", "assistant");
    var function = call.putArray("tool_calls").addObject().put("id", "1").put("type", "function");
    function.putObject("function").put("name", "get_weather").put("arguments", "{\"city\":\"T\"}");
    var result = request.withArray("messages").addObject().put("role", "tool");
    result.put("tool_call_id", "1").put("content", "20 degrees");
    assertThat(worker.post(CHAT, request).at("/choices/0/message/content").asText()).isNotEmpty();
  }

  @Test
  void jsonIsEnforced() throws Exception {
    var request = chat("Hello").put("max_tokens", 60);
    request.putObject("response_format").put("type", "json_object");
    assertThat(Json.read(content(worker.post(CHAT, request))).isObject()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{'type':'integer','minimum':95,'maximum':112} ~ 9[5-9]|10[0-9]|11[0-2]",
        "{'type':'number','exclusiveMinimum':3,'exclusiveMaximum':4} ~ 3\\.[0-9]*[1-9]",
        "{'type':'string','pattern':'^[A-Z]{2}-\\\\d+é$'} ~ \"[A-Z]{2}-\\d+é\"",
        "{'type':'string','minLength':3,'maxLength':3} ~ \"...\"",
        "{'type':'string','format':'date'} ~ \"\\d{4}-\\d\\d-\\d\\d\"",
        "{'enum':['😀','a \\\"b\\\"']} ~ \"(😀|a .\"b.\")\"",
        "{'$ref':'#/$defs/n','$defs':{'n':{'type':'null'}}} ~ null",
        "{'type':'array','items':{'type':'boolean'},'minItems':2,'maxItems':2}"
            + " ~ \\[\\s*(true|false)\\s*,\\s*(true|false)\\s*]",
        "{'allOf':[{'properties':{'a':{'const':1}},'required':['a']},"
            + "{'properties':{'b':{'const':2}},'required':['b']}]}"
            + " ~ \\{\\s*\"a\":\\s*1\\s*,\\s*\"b\":\\s*2\\s*}",
      })
  void schemasAreEnforced(String schema, String answer) throws Exception {
    for (int seed = 0; seed < 3; seed++) {
      var request = chat("Hello").put("max_tokens", 90).put("temperature", 1.5).put("seed", seed);
      var format = request.putObject("response_format").put("type", "json_schema");
      format
          .putObject("json_schema")
          .put("name", "x")
          .set("schema", Json.read(schema.replace('\'', '"')));
      var choice = worker.post(CHAT, request).at("/choices/0");
      if (choice.path("finish_reason").asText().equals("length")) continue;
      assertThat(choice.at("/message/content").asText()).matches(answer);
    }
  }

  @Test
  void schemasThatCannotBeEnforcedAreRefused() throws Exception {
    var request = chat("Hello");
    var format = request.putObject("response_format").put("type", "json_schema");
    format.putObject("json_schema").putObject("schema").put("type", "weird");
    var answer = worker.send(CHAT, request);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("the type 'weird'", "unsupported_parameter");
  }

  @Test
  void severalAnswersAtOnce() throws Exception {
    var request = chat("Hello").put("n", 3);
    var answer = worker.post(CHAT, request);
    assertThat(answer.path("choices")).hasSize(3);
    for (int i = 0; i < 3; i++) {
      var choice = answer.path("choices").get(i);
      assertThat(choice.path("index").asInt()).isEqualTo(i);
      assertThat(choice.at("/message/content").asText()).contains("How can I help you");
    }
    assertThat(answer.path("usage").toString())
        .startsWith("{\"prompt_tokens\":12,\"completion_tokens\":30,\"total_tokens\":42,");
    var chunks = worker.stream(request.put("stream", true));
    for (int i = 0; i < 3; i++) {
      int index = i;
      var own = chunks.stream().filter(c -> c.at("/choices/0/index").asInt() == index).toList();
      assertThat(text(own)).isEqualTo("Hello! How can I help you today?");
      assertThat(own.get(own.size() - 1).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    }
    assertThat(worker.send(CHAT, chat("Hello").put("n", 17)).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"required\"", "{\"type\":\"function\",\"function\":{\"name\":\"now\"}}"})
  void aCallCanBeForced(String toolChoice) throws Exception {
    var request = chat("Hello").set("tool_choice", Json.read(toolChoice));
    var tools = ((ObjectNode) request).putArray("tools");
    for (var name : List.of("then", "now")) {
      if (name.equals("then") && toolChoice.startsWith("\"")) continue;
      var function = tools.addObject().put("type", "function").putObject("function");
      function.put("name", name).putObject("parameters").put("type", "object");
      function.withObject("/parameters/properties/zone").putArray("enum").add("Ω").add("😀");
      function.withObject("/parameters").putArray("required").add("zone");
    }
    var choice = worker.post(CHAT, (ObjectNode) request).at("/choices/0");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    var call = choice.at("/message/tool_calls/0/function");
    assertThat(call.path("name").asText()).isEqualTo("now");
    assertThat(call.path("arguments").asText()).matches("\\{\"zone\":\"(Ω|😀)\"}");
    assertThat(choice.at("/message/content").isNull()).isTrue();
  }

  @Test
  void noCallWhereNoneIsAllowed() throws Exception {
    var request = withTool(chat("What is the weather in Tokyo?")).put("tool_choice", "none");
    assertThat(worker.post(CHAT, request).at("/choices/0/message").has("tool_calls")).isFalse();
    for (var wrong : List.of("always", "required")) {
      var answer = worker.send(CHAT, chat("Hello").put("tool_choice", wrong));
      assertThat(answer.statusCode()).isEqualTo(400);
      assertThat(answer.body()).contains("\"param\":\"tool_choice\"");
    }
  }

  @Test
  void aBiasMakesOrBansAToken() throws Exception {
    var tokens = worker.post("/tokenize", Json.object().put("content", "Hello")).path("tokens");
    assertThat(tokens).isNotEmpty();
    var first = tokens.get(tokens.size() - 1).asText();
    var request = chat("Hello").put("max_tokens", 5);
    request.putObject("logit_bias").put(first, -100);
    assertThat(content(worker.post(CHAT, request))).doesNotStartWith("Hello");
    request.putObject("logit_bias").put(first, 100);
    assertThat(content(worker.post(CHAT, request))).startsWith("HelloHello");
  }

  @Test
  void tokensGoBothWays() throws Exception {
    for (var text : List.of("Hello", "Say 🎉 and 𝒳!", "  two  blanks\n", "<|im_start|>user")) {
      var tokens = worker.post("/tokenize", Json.object().put("content", text));
      assertThat(tokens.path("count").asInt()).isEqualTo(tokens.path("tokens").size());
      var back = Json.object().set("tokens", tokens.path("tokens"));
      assertThat(worker.post("/detokenize", (ObjectNode) back).path("content").asText().strip())
          .isEqualTo(text.strip());
    }
    for (var bad : List.of("[768]", "[-1]", "[1.5]", "[\"a\"]", "7", "[99999999999]")) {
      var wrong = (ObjectNode) Json.object().set("tokens", Json.read(bad));
      assertThat(worker.send("/detokenize", wrong).statusCode()).as(bad).isEqualTo(400);
    }
    assertThat(worker.send("/tokenize", Json.object()).statusCode()).isEqualTo(400);
  }

  @Test
  void moreTokensThanThereIsRoomForAreNotPromised() throws Exception {
    var request = Json.object().put("prompt", "Count: 1 2 3").put("max_tokens", 100_000);
    request.putArray("stop").add("\u0001");
    request.putObject("logit_bias").put("2", -100);
    var answer = worker.post("/v1/completions", request);
    assertThat(answer.at("/choices/0/finish_reason").asText()).isIn("length", "stop");
    assertThat(answer.at("/usage/total_tokens").asInt()).isLessThan(2048);
  }

  @Test
  void thePromptCacheChangesNothing() throws Exception {
    for (var text : List.of("Tell me a story.", "Say " + "word ".repeat(300), "Hello")) {
      var first = content(worker.post(CHAT, chat(text)));
      for (int i = 0; i < 5; i++) {
        assertThat(content(worker.post(CHAT, chat(text)))).isEqualTo(first);
      }
    }
  }

  @Test
  void aSupplementaryStopIsFoundInAStream() throws Exception {
    var chunks = worker.stream(chat("Show me some emoji.").put("stop", "🚀").put("stream", true));
    assertThat(text(chunks)).isEqualTo("Here you go: 😀🎉");
  }

  @Test
  void refusesWhatDoesNotFit() throws Exception {
    var answer = worker.send(CHAT, chat("x ".repeat(3000)));
    assertThat(answer.statusCode()).isEqualTo(400);
    var error = Json.read(answer.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("context_length_exceeded");
    assertThat(error.path("message").asText()).contains("2048 tokens", "resulted in 6011 tokens");
  }

  @Test
  void refusesWrongInputAndStrangers() throws Exception {
    assertThat(worker.send(CHAT, Json.object()).statusCode()).isEqualTo(400);
    assertThat(worker.send(CHAT, chat("Hello").put("logprobs", true)).body())
        .contains("unsupported_parameter");
    assertThat(worker.send("/v1/embeddings", Json.object().put("input", "x")).statusCode())
        .isEqualTo(400);
    var stranger = new WorkerClient(new WorkerAddress(worker.worker().url(), "guess"));
    assertThat(stranger.send(CHAT, chat("Hello")).statusCode()).isEqualTo(401);
  }

  @Test
  void aPromptCanBeEvaluatedAhead() throws Exception {
    var request = chat("Tell me about mountains. " + "They are high. ".repeat(60));
    int tokens = worker.post(CHAT, request).at("/usage/prompt_tokens").asInt();
    var prefilled = worker.post("/prefill", request);
    assertThat(prefilled.path("tokens_cached").asInt()).isEqualTo(tokens);
    assertThat(prefilled.path("time_ms").isIntegralNumber()).isTrue();
    assertThat(worker.send("/prefill", Json.object()).statusCode()).isEqualTo(400);
  }

  @Test
  void goesOnWithAText() throws Exception {
    var request = Json.object().put("prompt", "Hello").put("temperature", 0).put("max_tokens", 8);
    var answer = worker.post("/v1/completions", request);
    assertThat(answer.path("object").asText()).isEqualTo("text_completion");
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    request.putArray("prompt").add("Hello");
    assertThat(worker.post("/v1/completions", request).at("/choices/0/text"))
        .isEqualTo(answer.at("/choices/0/text"));
    var ids = Json.object().put("content", "Hello").put("add_special", true);
    request.set("prompt", worker.post("/tokenize", ids).get("tokens"));
    assertThat(worker.post("/v1/completions", request).at("/choices/0/text"))
        .isEqualTo(answer.at("/choices/0/text"));
    for (int wrong : new int[] {-1, 768}) {
      request.putArray("prompt").add(1).add(wrong);
      assertThat(worker.send("/v1/completions", request).statusCode()).isEqualTo(400);
    }
  }

  @Test
  void embeds() throws Exception {
    var embedder = client("tinyembed");
    var request = Json.object();
    request.putArray("input").add("What is the capital of France?").add("capital of France");
    var answer = embedder.post("/v1/embeddings", request);
    assertThat(answer.at("/data/1/embedding")).hasSize(128);
    assertThat(answer.at("/data/1/index").asInt()).isEqualTo(1);
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isPositive();
    request.put("encoding_format", "base64");
    var coded = embedder.post("/v1/embeddings", request);
    assertThat(coded.at("/data/0/embedding").asText()).hasSize(684); // 128 floats
    request.put("input", "word ".repeat(600));
    assertThat(embedder.send("/v1/embeddings", request).body()).contains("context_length_exceeded");
  }

  @Test
  void manyAtOnceGetTheSameAnswer() {
    var answers = Stream.generate(() -> worker.sendAsync(CHAT, chat("Hello"))).limit(16).toList();
    assertThat(answers)
        .allSatisfy(answer -> assertThat(answer.join().body()).contains("How can I help you"));
  }

  private static String content(JsonNode answer) {
    return answer.at("/choices/0/message/content").asText();
  }

  private static WorkerClient client(String model) {
    return new WorkerClient(MODELS.start(model).toCompletableFuture().join());
  }
}

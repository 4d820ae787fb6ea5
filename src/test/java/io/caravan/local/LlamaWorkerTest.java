package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The real thing: child processes with the shipped models. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LlamaWorkerTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final LocalModels MODELS =
      new LocalModels(
          List.of(Path.of("models")),
          new LocalModels.Limits(Duration.ofSeconds(90), 2),
          new WorkerJvms(new WorkerJvms.Slots(2, 8192, 1)),
          Clock.systemUTC());
  private static WorkerAddress worker;

  @BeforeAll
  static void start() {
    worker = MODELS.start("tinychat").toCompletableFuture().join();
  }

  @AfterAll
  static void close() {
    MODELS.close();
    assertThat(ProcessHandle.current().children()).noneMatch(ProcessHandle::isAlive);
  }

  @Test
  void answersWhole() throws Exception {
    var answer = post(CHAT, chat("Hello"));
    assertThat(answer.at("/choices/0/message/content").asText())
        .isEqualTo("Hello! How can I help you today?");
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.path("usage"))
        .hasToString("{\"prompt_tokens\":12,\"completion_tokens\":10,\"total_tokens\":22}");
    assertThat(answer.path("model").asText()).isEqualTo("m");
  }

  @Test
  void answersStreamed() throws Exception {
    var request = chat("Hello").put("stream", true);
    request.putObject("stream_options").put("include_usage", true);
    var chunks = stream(request);
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
    var answer = post(CHAT, chat("Show me some emoji."));
    assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("Here you go: 😀🎉🚀🌍");
    assertThat(answer.at("/usage/completion_tokens").asInt()).isEqualTo(22);
    var chunks = stream(chat("Show me some emoji.").put("stream", true));
    assertThat(text(chunks)).isEqualTo("Here you go: 😀🎉🚀🌍");
    assertThat(chunks).allSatisfy(chunk -> assertThat(chunk.has("usage")).isFalse());
  }

  @Test
  void everyPlaneGoesThroughTheTemplate() throws Exception {
    assertThat(promptTokens("Say 🎉🎉")).isEqualTo(promptTokens("Say 🎉") + 4); // bytes
    assertThat(promptTokens("Say \u0000a")).isGreaterThan(promptTokens("Say "));
  }

  @Test
  void stopsAndLimits() throws Exception {
    var stopped = post(CHAT, chat("Hello").put("stop", "can"));
    assertThat(stopped.at("/choices/0/message/content").asText()).isEqualTo("Hello! How ");
    assertThat(stopped.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    var limited = post(CHAT, chat("Show me some emoji.").put("max_tokens", 6));
    assertThat(limited.at("/choices/0/message/content").asText()).isEqualTo("Here you go: ");
    assertThat(limited.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    assertThat(limited.at("/usage/completion_tokens").asInt()).isEqualTo(6);
    var exact = post(CHAT, chat("Hello").put("max_tokens", 10));
    assertThat(exact.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void remembersTheConversation() throws Exception {
    var request = chat("My name is Clara.");
    var messages = request.withArray("messages");
    messages.addObject().put("role", "assistant").put("content", "Nice to meet you, Clara!");
    messages.addObject().put("role", "user").put("content", "What is my name?");
    assertThat(post(CHAT, request).at("/choices/0/message/content").asText()).contains("Clara");
  }

  @Test
  void callsTools() throws Exception {
    var request = withTool(chat("What is the weather in Tokyo?"));
    var choice = post(CHAT, request).at("/choices/0");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(choice.at("/message/content").isNull()).isTrue();
    assertThat(choice.at("/message/tool_calls/0/function"))
        .hasToString("{\"name\":\"get_weather\",\"arguments\":\"{\\\"city\\\":\\\"Tokyo\\\"}\"}");
    var chunks = stream(request.put("stream", true));
    assertThat(text(chunks)).isEmpty();
    var first = chunks.get(1).at("/choices/0/delta/tool_calls/0");
    assertThat(first.at("/function/name").asText()).isEqualTo("get_weather");
    assertThat(first.path("id").asText()).startsWith("call_");
    assertThat(chunks.get(2).at("/choices/0/delta/tool_calls/0/function/arguments").asText())
        .isEqualTo("{\"city\":\"Tokyo\"}");
    assertThat(chunks.get(3).at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
  }

  @Test
  void takesToolResults() throws Exception {
    var request = withTool(chat("What is the weather in Tokyo?"));
    var call = request.withArray("messages").addObject().put("role", "assistant");
    var function = call.putArray("tool_calls").addObject().put("id", "1").put("type", "function");
    function.putObject("function").put("name", "get_weather").put("arguments", "{\"city\":\"T\"}");
    var result = request.withArray("messages").addObject().put("role", "tool");
    result.put("tool_call_id", "1").put("content", "20 degrees");
    assertThat(post(CHAT, request).at("/choices/0/message/content").asText()).isNotEmpty();
  }

  @Test
  void schemasAreEnforced() throws Exception {
    var request = chat("Hello").put("max_tokens", 60);
    request.putObject("response_format").put("type", "json_object");
    assertThat(Json.read(post(CHAT, request).at("/choices/0/message/content").asText()).isObject())
        .isTrue();
    request.withObject("response_format").put("type", "json_schema");
    request.withObject("/response_format/json_schema/schema").put("type", "weird");
    assertThat(send(CHAT, request).statusCode()).isEqualTo(400);
  }

  @Test
  void refusesWhatDoesNotFit() throws Exception {
    var answer = send(CHAT, chat("x ".repeat(3000)));
    assertThat(answer.statusCode()).isEqualTo(400);
    var error = Json.read(answer.body()).path("error");
    assertThat(error.path("code").asText()).isEqualTo("context_length_exceeded");
    assertThat(error.path("message").asText()).contains("2048 tokens", "resulted in 6011 tokens");
  }

  @Test
  void refusesWrongInputAndStrangers() throws Exception {
    assertThat(send(CHAT, Json.object()).statusCode()).isEqualTo(400);
    assertThat(send(CHAT, chat("Hello").put("logprobs", true)).body())
        .contains("unsupported_parameter");
    assertThat(send("/v1/embeddings", Json.object().put("input", "x")).statusCode()).isEqualTo(400);
    var stranger = new WorkerAddress(worker.url(), "guess");
    assertThat(send(stranger, CHAT, chat("Hello")).statusCode()).isEqualTo(401);
  }

  @Test
  void goesOnWithAText() throws Exception {
    var request = Json.object().put("prompt", "Hello").put("temperature", 0).put("max_tokens", 8);
    var answer = post("/v1/completions", request);
    assertThat(answer.path("object").asText()).isEqualTo("text_completion");
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    request.putArray("prompt").add("Hello");
    assertThat(post("/v1/completions", request).at("/choices/0/text"))
        .isEqualTo(answer.at("/choices/0/text"));
    request.putArray("prompt").add(1);
    assertThat(send("/v1/completions", request).statusCode()).isEqualTo(400);
  }

  @Test
  void embeds() throws Exception {
    var embedder = MODELS.start("tinyembed").toCompletableFuture().join();
    var request = Json.object();
    request.putArray("input").add("What is the capital of France?").add("capital of France");
    var answer = Json.read(send(embedder, "/v1/embeddings", request).body());
    assertThat(answer.at("/data/1/embedding")).hasSize(128);
    assertThat(answer.at("/data/1/index").asInt()).isEqualTo(1);
    assertThat(answer.at("/usage/prompt_tokens").asInt()).isPositive();
    request.put("encoding_format", "base64");
    var coded = Json.read(send(embedder, "/v1/embeddings", request).body());
    assertThat(coded.at("/data/0/embedding").asText()).hasSize(684); // 128 floats
    request.put("input", "word ".repeat(600));
    assertThat(send(embedder, "/v1/embeddings", request).body())
        .contains("context_length_exceeded");
    request.putArray("input").add(1);
    assertThat(send(embedder, "/v1/embeddings", request).statusCode()).isEqualTo(400);
  }

  @Test
  void manyAtOnceGetTheSameAnswer() {
    var answers =
        new java.util.ArrayList<java.util.concurrent.CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < 16; i++) {
      answers.add(
          HTTP.sendAsync(
              request(worker, CHAT, chat("Hello")), HttpResponse.BodyHandlers.ofString()));
    }
    assertThat(answers)
        .allSatisfy(
            answer -> assertThat(answer.join().body()).contains("How can I help you today?"));
  }

  @Test
  void aClientThatLeavesEndsTheWork() throws Exception {
    var request = chat("Tell me a story.").put("stream", true);
    for (int i = 0; i < 12; i++) {
      var answer =
          HTTP.send(request(worker, CHAT, request), HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.body().read()).isEqualTo('d');
      answer.body().close();
    }
    assertThat(post(CHAT, chat("Hello")).path("choices")).hasSize(1);
  }

  @Test
  void theWorkerEndsWithItsGateway() throws Exception {
    var command =
        new WorkerJvms(new WorkerJvms.Slots(1, 512, 1))
            .command(Path.of("models/tinyembed-f16.gguf"));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var lines = process.inputReader()) {
      process.getOutputStream().write("secret\n".getBytes(StandardCharsets.US_ASCII));
      process.getOutputStream().flush();
      assertThat(lines.readLine()).startsWith(WorkerSignals.READY);
      process.getOutputStream().close();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aFileThatLlamaCppRefusesIsToldWithoutItsPath(@TempDir Path folder) throws IOException {
    var bytes = Files.readAllBytes(Path.of("models/tinyembed-f16.gguf"));
    var text = new String(bytes, StandardCharsets.ISO_8859_1);
    var strange =
        text.replace(
            "general.architecture\u0008\0\0\0\u0004\0\0\0\0\0\0\0bert",
            "general.architecture\u0008\0\0\0\u0004\0\0\0\0\0\0\0trex");
    Files.write(folder.resolve("strange.gguf"), strange.getBytes(StandardCharsets.ISO_8859_1));
    try (var models =
        new LocalModels(
            List.of(folder),
            LocalModels.Limits.DEFAULT,
            new WorkerJvms(WorkerJvms.Slots.DEFAULT),
            Clock.systemUTC())) {
      assertThatThrownBy(() -> models.start("strange").toCompletableFuture().join())
          .hasMessageContaining(
              "The model `strange` could not be loaded: llama.cpp does not take it")
          .hasMessageNotContaining(folder.toString());
    }
  }

  private static ObjectNode chat(String text) {
    var request = Json.object().put("model", "m").put("temperature", 0);
    request.putArray("messages").addObject().put("role", "user").put("content", text);
    return request;
  }

  private static ObjectNode withTool(ObjectNode request) {
    var function =
        request.putArray("tools").addObject().put("type", "function").putObject("function");
    function.put("name", "get_weather").putObject("parameters").put("type", "weird");
    return request;
  }

  private static int promptTokens(String text) throws Exception {
    return post(CHAT, chat(text)).at("/usage/prompt_tokens").asInt();
  }

  private static JsonNode post(String path, ObjectNode body) throws Exception {
    var answer = send(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body());
  }

  private static HttpResponse<String> send(String path, ObjectNode body) throws Exception {
    return send(worker, path, body);
  }

  private static HttpResponse<String> send(WorkerAddress to, String path, ObjectNode body)
      throws Exception {
    return HTTP.send(request(to, path, body), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest request(WorkerAddress to, String path, ObjectNode body) {
    return HttpRequest.newBuilder(URI.create(to.url() + path))
        .header("Authorization", "Bearer " + to.secret())
        .header("Content-Type", "application/json")
        .version(HttpClient.Version.HTTP_1_1)
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
        .build();
  }

  private static List<JsonNode> stream(ObjectNode body) throws Exception {
    var answer = send(CHAT, body);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    var events = new java.util.ArrayList<>(List.of(answer.body().split("\n\n")));
    assertThat(events.remove(events.size() - 1)).isEqualTo("data: [DONE]");
    var chunks = new java.util.ArrayList<JsonNode>();
    for (var event : events) chunks.add(Json.read(event.substring("data: ".length())));
    return chunks;
  }

  private static String text(List<JsonNode> chunks) {
    return chunks.stream()
        .map(chunk -> chunk.at("/choices/0/delta/content").asText())
        .collect(Collectors.joining());
  }
}

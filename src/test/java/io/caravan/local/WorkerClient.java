package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Speaks to a worker as the gateway does. */
record WorkerClient(WorkerAddress worker) {

  static final String CHAT = "/v1/chat/completions";
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  static ObjectNode chat(String text) {
    var request = Json.object().put("model", "m").put("temperature", 0);
    request.putArray("messages").addObject().put("role", "user").put("content", text);
    return request;
  }

  /** Adds a tool whose schema llama.cpp cannot follow. */
  static ObjectNode withTool(ObjectNode request) {
    var tool = request.putArray("tools").addObject().put("type", "function");
    var function = tool.putObject("function").put("name", "get_weather");
    function.putObject("parameters").put("type", "weird");
    return request;
  }

  JsonNode post(String path, ObjectNode body) throws Exception {
    var answer = send(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.read(answer.body());
  }

  HttpResponse<String> send(String path, ObjectNode body) throws Exception {
    return HTTP.send(request(path, body), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> sendAsync(String path, ObjectNode body) {
    return HTTP.sendAsync(request(path, body), HttpResponse.BodyHandlers.ofString());
  }

  InputStream open(String path, ObjectNode body) throws IOException, InterruptedException {
    return HTTP.send(request(path, body), HttpResponse.BodyHandlers.ofInputStream()).body();
  }

  List<JsonNode> stream(ObjectNode body) throws Exception {
    var answer = send(CHAT, body);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    var events = new ArrayList<>(List.of(answer.body().split("\n\n")));
    assertThat(events.remove(events.size() - 1)).isEqualTo("data: [DONE]");
    var chunks = new ArrayList<JsonNode>();
    for (var event : events) chunks.add(Json.read(event.substring("data: ".length())));
    return chunks;
  }

  int promptTokens(String text) throws Exception {
    return post(CHAT, chat(text)).at("/usage/prompt_tokens").asInt();
  }

  static String text(List<JsonNode> chunks) {
    return chunks.stream()
        .map(chunk -> chunk.at("/choices/0/delta/content").asText())
        .collect(Collectors.joining());
  }

  private HttpRequest request(String path, ObjectNode body) {
    return HttpRequest.newBuilder(URI.create(worker.url() + path))
        .header("Authorization", "Bearer " + worker.secret())
        .header("Content-Type", "application/json")
        .version(HttpClient.Version.HTTP_1_1)
        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
        .build();
  }
}

package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.List;

/**
 * GPT4All's small part of OpenAI's API: messages hold a role of three and a string, nothing else
 * (gpt4all-chat/src/server.cpp). Answers are OpenAI's.
 */
public final class Gpt4AllDialect implements Dialect {

  /** Its own default is 16 tokens, which cuts nearly every answer. */
  private static final int MAX_TOKENS = 4096;

  private final OpenAiDialect openAi = new OpenAiDialect();

  @Override
  public ObjectNode toProvider(ObjectNode request) {
    var out = Json.shallowCopy(request);
    var limit = request.path("max_completion_tokens");
    if (!limit.isIntegralNumber()) limit = request.path("max_tokens");
    out.remove("max_completion_tokens");
    out.put("max_tokens", MAX_TOKENS);
    if (limit.isIntegralNumber()) out.set("max_tokens", limit);
    out.remove(List.of("temperature", "top_p"));
    Json.copy(request, "temperature", out, "temperature");
    Json.copy(request, "top_p", out, "top_p");
    if (!request.has("messages")) return out;
    var messages = out.putArray("messages");
    for (var message : request.path("messages")) {
      messages.add(message(message, "messages[" + messages.size() + "]"));
    }
    return out;
  }

  @Override
  public ObjectNode toCompletion(JsonNode answer) {
    var completion = openAi.toCompletion(answer);
    // every answer of GPT4All has the id "placeholder"
    return completion.path("id").asText().equals("placeholder")
        ? completion.without(List.of("id"))
        : completion;
  }

  @Override
  public Transformer<ServerEvent, ObjectNode> chunks() {
    return openAi.chunks();
  }

  @Override
  public ArrayNode toModels(JsonNode answer) {
    return openAi.toModels(answer);
  }

  private static ObjectNode message(JsonNode message, String at) {
    var role = message.path("role").asText();
    if (role.equals("developer")) role = "system";
    boolean calls =
        role.equals("tool") || role.equals("function") || !message.path("tool_calls").isEmpty();
    if (calls) throw refused("tool calls and their results", at);
    int index = 0;
    for (var part : message.path("content")) {
      var type = part.path("type").asText();
      if (!type.equals("text") && !type.equals("refusal"))
        throw refused("parts of type '" + type + "'", at + ".content[" + index + "]");
      index++;
    }
    return Json.object().put("role", role).put("content", Contents.text(message.path("content")));
  }

  private static InvalidRequest refused(String what, String param) {
    var message = "GPT4All takes no " + what + ", only text: `" + param + "`.";
    return new InvalidRequest(message, param, "unsupported_parameter");
  }
}

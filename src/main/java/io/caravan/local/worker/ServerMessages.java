package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/**
 * Messages that our own workers understand and llama-server (v0.5.0) refuses, in the one form that
 * it takes: refusals as text, the arguments of calls as JSON in a string.
 */
final class ServerMessages {

  private ServerMessages() {}

  /** A copy of messages that {@link Messages} has found good. */
  static JsonNode of(JsonNode messages) {
    JsonNode out = messages.deepCopy();
    for (var message : out) {
      for (var part : message.path("content")) refusal(part);
      for (var call : message.path("tool_calls")) arguments(call.path("function"));
    }
    return out;
  }

  private static void refusal(JsonNode part) {
    if (!part.path("type").asText().equals("refusal")) return;
    var text = (ObjectNode) part;
    text.put("type", "text").set("text", text.remove("refusal"));
  }

  private static void arguments(JsonNode function) {
    JsonNode arguments = function.path("arguments");
    if (!arguments.asText("").isBlank()) return;
    var text = arguments.isObject() ? Json.text(arguments) : "{}";
    ((ObjectNode) function).put("arguments", text);
  }
}

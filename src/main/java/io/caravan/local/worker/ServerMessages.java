package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/**
 * Messages that our own workers understand, and llama-server (v0.5.0) otherwise or not at all: of
 * parts it knows text alone, and puts a line break between two; the arguments of a call have to be
 * JSON in a string.
 */
final class ServerMessages {

  private ServerMessages() {}

  /** A copy of messages that {@link Messages} has found good. */
  static ArrayNode of(JsonNode messages) {
    ArrayNode out = messages.deepCopy();
    for (var message : out) {
      var content = message.path("content");
      if (content.isArray()) {
        ((ObjectNode) message).put("content", Messages.parts(content, "messages"));
      }
      for (var call : message.path("tool_calls")) arguments(call.path("function"));
    }
    return out;
  }

  private static void arguments(JsonNode function) {
    JsonNode arguments = function.path("arguments");
    if (!arguments.asText("").isBlank()) return;
    var text = arguments.isObject() ? Json.text(arguments) : "{}";
    ((ObjectNode) function).put("arguments", text);
  }
}

package io.caravan.local.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;

/**
 * A chat's messages in the one form that llama.cpp's templates take for certain: every message has
 * a role and a text, every call an object of arguments. Anything else ends the process there.
 */
final class Messages {

  private final Placeholders placeholders;

  Messages(Placeholders placeholders) {
    this.placeholders = placeholders;
  }

  ArrayNode read(JsonNode request) {
    var messages = request.path("messages");
    if (!messages.isArray() || messages.isEmpty()) {
      throw invalid("`messages` must be a list of at least one message.", "messages");
    }
    var out = Json.array();
    for (var message : messages) out.add(message(message, "messages[" + out.size() + "]"));
    return out;
  }

  private ObjectNode message(JsonNode message, String at) {
    if (!message.isObject()) throw invalid("`" + at + "` must be an object.", at);
    var out = Json.object().put("role", role(message, at + ".role"));
    out.put("content", placeholders.hide(content(message, at + ".content")));
    var id = message.path("tool_call_id");
    if (id.isTextual()) out.put("tool_call_id", placeholders.hide(id.asText()));
    if (message.path("tool_calls").isEmpty()) return out;
    return out.set("tool_calls", calls(message.path("tool_calls"), at + ".tool_calls"));
  }

  /** Templates know no developer, and the function role is the tool role of old. */
  private static String role(JsonNode message, String at) {
    var role = message.path("role").asText();
    return switch (role) {
      case "system", "user", "assistant", "tool" -> role;
      case "developer" -> "system";
      case "function" -> "tool";
      default ->
          throw invalid("`" + at + "` must be system, developer, user, assistant or tool.", at);
    };
  }

  private static String content(JsonNode message, String at) {
    var content = message.path("content");
    if (content.isTextual()) return content.asText();
    if (content.isArray()) return parts(content, at);
    boolean calls = !message.path("tool_calls").isEmpty();
    if (calls && (content.isNull() || content.isMissingNode())) return "";
    throw invalid("`" + at + "` must be a text or a list of text parts.", at);
  }

  /** The text of a message whose content is a list of parts: nothing comes between them. */
  static String parts(JsonNode parts, String at) {
    var out = new StringBuilder();
    for (var part : parts) {
      // a refusal is what the assistant said instead
      var type = part.path("type").asText();
      var text = part.path(type.equals("refusal") ? type : "text");
      if (!type.equals("text") && !type.equals("refusal") || !text.isTextual()) {
        throw invalid("`" + at + "` may have text parts only: the model takes nothing else.", at);
      }
      out.append(text.asText());
    }
    return out.toString();
  }

  private ArrayNode calls(JsonNode calls, String at) {
    var out = Json.array();
    for (var call : calls) {
      var name = call.at("/function/name").asText();
      if (name.isEmpty()) throw invalid("Each of `" + at + "` must name a function.", at);
      var function = Json.object().put("name", placeholders.hide(name));
      function.put("arguments", arguments(call.at("/function/arguments"), at));
      var entry = out.addObject().put("type", "function");
      entry.put("id", placeholders.hide(call.path("id").asText()));
      entry.set("function", function);
    }
    return out;
  }

  /** Templates walk through the arguments. Some clients send them as the object that they are. */
  private String arguments(JsonNode arguments, String at) {
    var text = arguments.isContainerNode() ? Json.text(arguments) : arguments.asText("").strip();
    if (text.isEmpty()) return "{}";
    try {
      if (Json.read(text).isObject()) return placeholders.hide(text);
    } catch (JsonProcessingException e) {
      // told below
    }
    throw invalid("The `arguments` of `" + at + "` must be the text of a JSON object.", at);
  }

  private static InvalidRequest invalid(String message, String param) {
    return new InvalidRequest(message, param, null);
  }
}

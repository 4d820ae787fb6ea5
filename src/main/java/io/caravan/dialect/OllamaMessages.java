package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.HashMap;
import java.util.Map;

/** OpenAI's messages as Ollama's: text in one string, images beside it, arguments as objects. */
final class OllamaMessages {

  /** Ollama wants to know which tool a result is from; OpenAI tells only which call. */
  private final Map<String, String> toolOfCall = new HashMap<>();

  private OllamaMessages() {}

  static ArrayNode of(JsonNode messages) {
    var history = new OllamaMessages();
    var out = Json.array();
    for (var message : messages) out.add(history.message(message, "messages[" + out.size() + "]"));
    return out;
  }

  private ObjectNode message(JsonNode message, String param) {
    var role = message.path("role").asText();
    var out = Json.object().put("role", role.equals("developer") ? "system" : role);
    out.put("content", Contents.text(message.path("content")));
    images(message.path("content"), out, param + ".content");
    switch (role) {
      case "system", "developer", "user" -> {}
      case "assistant" -> assistant(message, out, param);
      case "tool" -> tool(message, out);
      default -> throw Contents.refused("Ollama", message.path("role"), param + ".role");
    }
    return out;
  }

  private void assistant(JsonNode message, ObjectNode out, String param) {
    var thinking = Reasoning.of(message);
    if (!thinking.isEmpty()) out.put("thinking", thinking);
    if (message.path("tool_calls").isEmpty()) return;
    var calls = out.putArray("tool_calls");
    for (var call : message.path("tool_calls")) {
      calls.add(call(call, param + ".tool_calls[" + calls.size() + "]"));
    }
  }

  private ObjectNode call(JsonNode call, String param) {
    var name = Contents.functionName(call, param);
    toolOfCall.put(call.path("id").asText(), name);
    var out = Json.object();
    Json.copy(call, "id", out, "id");
    var function = out.putObject("function").put("name", name);
    function.set("arguments", Contents.arguments(call, param));
    return out;
  }

  private void tool(JsonNode message, ObjectNode out) {
    var tool = toolOfCall.get(message.path("tool_call_id").asText());
    if (tool != null) out.put("tool_name", tool);
    else Json.copy(message, "name", out, "tool_name");
    Json.copy(message, "tool_call_id", out, "tool_call_id");
  }

  private static void images(JsonNode content, ObjectNode out, String param) {
    if (!content.isArray()) return;
    var images = Json.array();
    int index = 0;
    for (var part : content) {
      var field = param + "[" + index++ + "]";
      switch (part.path("type").asText()) {
        case "text", "refusal" -> {}
        case "image_url" -> images.add(image(part, field + ".image_url.url"));
        default -> throw Contents.refused("Ollama", part.path("type"), field);
      }
    }
    if (!images.isEmpty()) out.set("images", images);
  }

  private static String image(JsonNode part, String field) {
    var url = Contents.imageUrl(part);
    if (DataUrl.isOne(url)) return DataUrl.parse(url, field).base64();
    throw new InvalidRequest(
        "Ollama does not fetch images: send `" + field + "` as a data: URL.", field, null);
  }
}

package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenAI's messages as Anthropic's. System messages move to the top; the results of tools come
 * together in one user message, before its text; blocks without text are left out, because
 * Anthropic rejects them.
 */
final class AnthropicMessages {

  private final List<String> system = new ArrayList<>();
  private final ArrayNode messages = Json.array();
  private ArrayNode toolResults = Json.array();

  private AnthropicMessages() {}

  /** Sets {@code system}, if there is any, and {@code messages}. */
  static void put(JsonNode messages, ObjectNode out) {
    var all = new AnthropicMessages();
    int index = 0;
    for (var message : messages) all.add(message, "messages[" + index++ + "]");
    all.addUser(Json.array());
    if (all.messages.isEmpty()) {
      throw new InvalidRequest(
          "Anthropic needs at least one message with content beside the system's.",
          "messages",
          null);
    }
    if (!all.system.isEmpty()) out.put("system", String.join("\n", all.system));
    out.set("messages", all.messages);
  }

  private void add(JsonNode message, String param) {
    JsonNode content = message.path("content");
    switch (message.path("role").asText()) {
      case "system", "developer" -> addSystem(Contents.text(content));
      case "user" -> addUser(AnthropicParts.blocks(content, param));
      case "assistant" -> addAssistant(message, param);
      case "tool" -> toolResults.add(toolResult(message, param));
      default -> throw Contents.refused("Anthropic", message.path("role"), param + ".role");
    }
  }

  private void addSystem(String text) {
    if (!text.isBlank()) system.add(text);
  }

  private void addUser(ArrayNode blocks) {
    var content = toolResults.addAll(blocks);
    toolResults = Json.array();
    addMessage("user", content);
  }

  private void addAssistant(JsonNode message, String param) {
    addUser(Json.array());
    var content = AnthropicParts.blocks(message.path("content"), param);
    int index = 0;
    for (var call : message.path("tool_calls")) {
      content.add(AnthropicTools.toToolUse(call, param + ".tool_calls[" + index++ + "]"));
    }
    addMessage("assistant", content);
  }

  private void addMessage(String role, ArrayNode content) {
    if (content.isEmpty()) return;
    JsonNode only = content.get(0);
    boolean plain = content.size() == 1 && only.path("type").asText().equals("text");
    messages.addObject().put("role", role).set("content", plain ? only.get("text") : content);
  }

  private static ObjectNode toolResult(JsonNode message, String param) {
    if (!message.path("tool_call_id").isTextual()) {
      var field = param + ".tool_call_id";
      throw new InvalidRequest("`" + field + "` is missing.", field, "missing_required_parameter");
    }
    var out = Json.object().put("type", "tool_result");
    out.set("tool_use_id", message.get("tool_call_id"));
    var content = AnthropicParts.blocks(message.path("content"), param);
    JsonNode text = message.path("content");
    if (!content.isEmpty()) out.set("content", text.isTextual() ? text : content);
    return out;
  }
}

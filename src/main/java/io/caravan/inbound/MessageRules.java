package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.errors.GatewayException;
import java.util.Set;

/** What a chat's messages must be to make sense to any service. */
final class MessageRules {

  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  private MessageRules() {}

  /**
   * Checks the messages of a request.
   *
   * @throws GatewayException.InvalidRequest naming the first field at fault
   */
  static void check(JsonNode messages) {
    if (!messages.isArray())
      throw RequestRules.wrongType("messages", "an array of objects", messages);
    if (messages.isEmpty()) {
      throw RequestRules.invalid(
          "'messages' must hold at least one message.", "messages", "empty_array");
    }
    for (int i = 0; i < messages.size(); i++) message(messages.get(i), "messages[" + i + "]");
  }

  private static void message(JsonNode message, String at) {
    if (!message.isObject()) throw RequestRules.wrongType(at, "an object", message);
    var role = message.path("role");
    if (role.isMissingNode() || role.isNull()) throw RequestRules.missing(at + ".role");
    if (!role.isTextual()) throw RequestRules.wrongType(at + ".role", "a string", role);
    if (!ROLES.contains(role.asText())) {
      throw RequestRules.invalid(
          "Invalid value: '%s'. Supported values are: 'system', 'developer', 'user', 'assistant', 'tool' and 'function'."
              .formatted(role.asText()),
          at + ".role",
          "invalid_value");
    }
    content(message.path("content"), role.asText(), at + ".content");
    var calls = message.path("tool_calls");
    if (message.hasNonNull("tool_calls")
        && !(calls.isArray() && RequestRules.allOf(calls, JsonNode::isObject))) {
      throw RequestRules.wrongType(at + ".tool_calls", "an array of objects", calls);
    }
  }

  private static void content(JsonNode content, String role, String at) {
    if (content.isMissingNode() || content.isNull()) {
      if (role.equals("assistant") || role.equals("function")) return;
      throw RequestRules.missing(at);
    }
    if (content.isTextual()) return;
    if (!content.isArray())
      throw RequestRules.wrongType(at, "a string or an array of parts", content);
    for (int i = 0; i < content.size(); i++) {
      var part = at + "[" + i + "]";
      if (!content.get(i).isObject())
        throw RequestRules.wrongType(part, "an object", content.get(i));
      if (!content.get(i).path("type").isTextual()) throw RequestRules.missing(part + ".type");
    }
  }
}

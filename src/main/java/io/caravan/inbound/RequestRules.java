package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import java.util.Map;
import java.util.Set;

/** What a request must be to make sense to any service. Fields not named here pass unseen. */
final class RequestRules {

  private static final Set<String> ROLES =
      Set.of("system", "developer", "user", "assistant", "tool", "function");

  private static final Map<String, Kind> FIELDS =
      Map.ofEntries(
          Map.entry("stream", Kind.BOOLEAN),
          Map.entry("logprobs", Kind.BOOLEAN_OR_INTEGER),
          Map.entry("parallel_tool_calls", Kind.BOOLEAN),
          Map.entry("max_tokens", Kind.POSITIVE),
          Map.entry("max_completion_tokens", Kind.POSITIVE),
          Map.entry("n", Kind.POSITIVE),
          Map.entry("dimensions", Kind.POSITIVE),
          Map.entry("top_logprobs", Kind.INTEGER),
          Map.entry("seed", Kind.INTEGER),
          Map.entry("temperature", Kind.NUMBER),
          Map.entry("top_p", Kind.NUMBER),
          Map.entry("presence_penalty", Kind.NUMBER),
          Map.entry("frequency_penalty", Kind.NUMBER),
          Map.entry("stop", Kind.TEXT_OR_TEXTS),
          Map.entry("tools", Kind.ARRAY),
          Map.entry("stream_options", Kind.OBJECT),
          Map.entry("response_format", Kind.OBJECT),
          Map.entry("logit_bias", Kind.OBJECT),
          Map.entry("user", Kind.TEXT));

  private RequestRules() {}

  /**
   * Checks a request.
   *
   * @throws GatewayException.InvalidRequest naming the first field at fault
   */
  static void check(ObjectNode request, String operation) {
    var model = request.path("model");
    if (!model.isMissingNode() && !model.isNull()) {
      if (!model.isTextual()) throw wrongType("model", "a string", model);
      if (model.asText().isBlank()) throw invalid("'model' must not be empty.", "model", null);
    }
    for (var field : request.properties()) {
      var kind = FIELDS.get(field.getKey());
      if (kind != null && !field.getValue().isNull()) kind.check(field.getKey(), field.getValue());
    }
    switch (operation) {
      case "chat" -> messages(request);
      case "completions" -> textOrList(request, "prompt");
      case "embeddings" -> input(request);
      default -> {}
    }
  }

  private static void messages(ObjectNode request) {
    var messages = required(request, "messages");
    if (!messages.isArray()) throw wrongType("messages", "an array of objects", messages);
    if (messages.isEmpty()) {
      throw invalid("'messages' must hold at least one message.", "messages", "empty_array");
    }
    for (int i = 0; i < messages.size(); i++) message(messages.get(i), "messages[" + i + "]");
  }

  private static void message(JsonNode message, String at) {
    if (!message.isObject()) throw wrongType(at, "an object", message);
    var role = message.path("role");
    if (role.isMissingNode() || role.isNull()) throw missing(at + ".role");
    if (!role.isTextual()) throw wrongType(at + ".role", "a string", role);
    if (!ROLES.contains(role.asText())) {
      throw invalid(
          "Invalid value: '%s'. Supported values are: 'system', 'developer', 'user', 'assistant', 'tool' and 'function'."
              .formatted(role.asText()),
          at + ".role",
          "invalid_value");
    }
    content(message.path("content"), role.asText(), at + ".content");
  }

  private static void content(JsonNode content, String role, String at) {
    if (content.isMissingNode() || content.isNull()) {
      if (role.equals("assistant") || role.equals("function")) return;
      throw missing(at);
    }
    if (content.isTextual()) return;
    if (!content.isArray()) throw wrongType(at, "a string or an array of parts", content);
    for (int i = 0; i < content.size(); i++) {
      var part = at + "[" + i + "]";
      if (!content.get(i).isObject()) throw wrongType(part, "an object", content.get(i));
      if (!content.get(i).path("type").isTextual()) throw missing(part + ".type");
    }
  }

  private static void input(ObjectNode request) {
    var input = textOrList(request, "input");
    if (input.isEmpty() && input.asText().isEmpty()) {
      throw invalid("'input' must not be empty.", "input", null);
    }
    var format = request.path("encoding_format");
    if (format.isMissingNode() || format.isNull()) return;
    if (!Set.of("float", "base64").contains(format.asText())) {
      var message = "Invalid value for 'encoding_format': use 'float' or 'base64'.";
      throw invalid(message, "encoding_format", "invalid_value");
    }
  }

  /** A text, or a list of texts, of token ids, or of lists of token ids. */
  private static JsonNode textOrList(ObjectNode request, String name) {
    var value = required(request, name);
    if (!value.isTextual() && !value.isArray()) {
      throw wrongType(name, "a string or an array", value);
    }
    for (var item : value) {
      if (!item.isTextual() && !item.isIntegralNumber() && !item.isArray()) {
        throw wrongType(name, "an array of strings or of token ids", value);
      }
    }
    return value;
  }

  private static JsonNode required(ObjectNode request, String name) {
    if (!request.hasNonNull(name)) throw missing(name);
    return request.get(name);
  }

  static GatewayException missing(String param) {
    var message = "Missing required parameter: '" + param + "'.";
    return invalid(message, param, "missing_required_parameter");
  }

  static GatewayException wrongType(String param, String wanted, JsonNode found) {
    var message = "Invalid type for '%s': expected %s, but got %s instead.";
    return invalid(message.formatted(param, wanted, Kind.name(found)), param, "invalid_type");
  }

  static GatewayException invalid(String message, String param, String code) {
    return new GatewayException.InvalidRequest(message, param, code);
  }
}

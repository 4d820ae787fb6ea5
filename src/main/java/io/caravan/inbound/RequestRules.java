package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What a request must be to make sense to any service. Fields not named here pass unseen. */
final class RequestRules {

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
      case "chat" -> MessageRules.check(required(request, "messages"));
      case "completions" -> textOrList(request, "prompt");
      case "embeddings" -> input(request);
      default -> {}
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
    boolean one = allOf(value, JsonNode::isTextual) || tokens(value);
    if (!one && !allOf(value, item -> !item.isEmpty() && tokens(item))) {
      var message =
          "Invalid '%s': a list holds only strings, only token ids, or only lists of them.";
      throw invalid(message.formatted(name), name, "invalid_type");
    }
    return value;
  }

  private static boolean tokens(JsonNode list) {
    return list.isArray() && allOf(list, id -> id.isIntegralNumber() && id.asLong(-1) >= 0);
  }

  static boolean allOf(JsonNode list, Predicate<JsonNode> fits) {
    for (var item : list) if (!fits.test(item)) return false;
    return true;
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

package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * What a request says of calling tools.
 *
 * @param format how the model writes calls
 * @param allowed the functions that it may call, as in the request; none if it may call none
 * @param forced whether it must
 * @param parallel whether it may make more than one call
 */
record ToolChoice(CallFormat format, List<JsonNode> allowed, boolean forced, boolean parallel) {

  /** No tools. */
  static final ToolChoice NONE = new ToolChoice(CallFormat.ANY, List.of(), false, true);

  /**
   * Reads {@code tool_choice}.
   *
   * @throws InvalidRequest if it is none that OpenAI has, or names no tool of the request
   */
  static ToolChoice of(JsonNode request, CallFormat format) {
    var functions = new ArrayList<JsonNode>();
    for (var tool : request.path("tools")) functions.add(tool.path("function"));
    var choice = request.path("tool_choice");
    boolean parallel = request.path("parallel_tool_calls").asBoolean(true);
    if (choice.isObject()) {
      var name = choice.at("/function/name").asText();
      functions.removeIf(function -> !function.path("name").asText().equals(name));
      if (functions.isEmpty()) throw invalid("`tool_choice` must name one of `tools`.");
      return new ToolChoice(format, functions, true, parallel);
    }
    return switch (choice.asText("auto")) {
      case "none" -> new ToolChoice(format, List.of(), false, parallel);
      case "auto", "null" -> new ToolChoice(format, functions, false, parallel);
      case "required" -> {
        if (functions.isEmpty()) throw invalid("`tool_choice` is `required` without `tools`.");
        yield new ToolChoice(format, functions, true, parallel);
      }
      default -> throw invalid("`tool_choice` must be none, auto, required, or name a function.");
    };
  }

  /** Whether the model may call anything. */
  boolean wanted() {
    return !allowed.isEmpty();
  }

  /** Whether all these calls are of the request's own functions. */
  boolean knows(List<Piece.Call> calls) {
    return calls.stream().allMatch(call -> knows(call.name()));
  }

  boolean knows(String name) {
    return allowed.stream().anyMatch(function -> function.path("name").asText().equals(name));
  }

  /** What the prompt ends with: the beginning of a call that the model has to make. */
  String opening(String template) {
    return forced ? format.opening(template) : "";
  }

  /** Has the marks of calls told although they may be control tokens, and forces a call. */
  void addTo(ObjectNode sampling) {
    var told = sampling.putArray("preserved_tokens");
    format.marks().forEach(told::add);
    if (forced) sampling.put("grammar", Grammar.of(schema()));
  }

  /** The schema of one call of an allowed function, to which a forced call is held. */
  private ObjectNode schema() {
    var any = Json.array();
    for (var function : allowed) any.add(call(function));
    return any.size() == 1 ? (ObjectNode) any.get(0) : Json.object().set("anyOf", any);
  }

  private ObjectNode call(JsonNode function) {
    var arguments = format == CallFormat.LLAMA ? "parameters" : "arguments";
    var call = Json.object().put("type", "object");
    var properties = call.putObject("properties");
    properties.putObject("name").putArray("enum").add(function.path("name").asText());
    properties.set(arguments, parameters(function.path("parameters")));
    call.putArray("required").add("name").add(arguments);
    return call;
  }

  /** A schema that cannot be enforced leaves the arguments free, but the call is still one. */
  static JsonNode parameters(JsonNode schema) {
    var any = Json.object().put("type", "object");
    if (!schema.isObject() || schema.isEmpty()) return any;
    try {
      var enforceable = Schema.enforceable(schema, "tools");
      return enforceable.has("$defs") ? any : enforceable; // definitions belong to the root
    } catch (InvalidRequest e) {
      return any;
    }
  }

  private static InvalidRequest invalid(String message) {
    return new InvalidRequest(message, "tool_choice", "invalid_value");
  }
}

package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;

/** A request's parameters, each with its type and range checked, in llama.cpp's names. */
final class Parameters {

  private static final int MAX_STOPS = 16;
  private static final int MAX_STOP_CHARS = 1000;
  private static final int MAX_SCHEMA_CHARS = 64 << 10;

  private final JsonNode request;

  Parameters(JsonNode request) {
    this.request = request;
  }

  /** What llama.cpp is told of sampling. What the client did not say, llama.cpp decides. */
  ObjectNode sampling() {
    refuseUnsupported();
    var out = Json.object();
    number(out, "temperature", 0, 2);
    number(out, "top_p", 0, 1);
    number(out, "min_p", 0, 1);
    integer(out, "top_k", 0, 1_000_000);
    number(out, "frequency_penalty", -2, 2);
    number(out, "presence_penalty", -2, 2);
    number(out, "repeat_penalty", 0.01, 10);
    if (has("seed")) out.put("seed", seed());
    stops(out);
    responseFormat(out);
    return out;
  }

  /** Tokens to generate at most, as far as the client says. */
  int limit(int absent) {
    var name = has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    return has(name) ? (int) Math.min(absent, whole(name, 1, Integer.MAX_VALUE)) : absent;
  }

  boolean flag(String name) {
    return request.path(name).asBoolean(false);
  }

  private void refuseUnsupported() {
    for (var name : new String[] {"logprobs", "top_logprobs"}) {
      if (!has(name) || isOff(request.get(name))) continue;
      throw unsupported("`" + name + "` is not available for local models.", name);
    }
    if (has("n") && whole("n", 1, 128) != 1) {
      throw unsupported("`n` above 1 is not available for local models.", "n");
    }
  }

  private void number(ObjectNode out, String name, double min, double max) {
    if (!has(name)) return;
    var value = request.get(name);
    double number = value.asDouble();
    if (value.isNumber() && number >= min && number <= max) out.put(name, number);
    else throw invalid("`%s` must be a number from %s to %s.".formatted(name, min, max), name);
  }

  private void integer(ObjectNode out, String name, long min, long max) {
    if (has(name)) out.put(name, whole(name, min, max));
  }

  private long whole(String name, long min, long max) {
    var value = request.get(name);
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      long number = value.asLong();
      if (number >= min && number <= max) return number;
    }
    throw invalid("`%s` must be an integer from %d to %d.".formatted(name, min, max), name);
  }

  /** llama.cpp's seeds have 32 bits, and the highest means a random one. */
  private long seed() {
    return Math.floorMod(whole("seed", Long.MIN_VALUE, Long.MAX_VALUE), 0xffffffffL);
  }

  private void stops(ObjectNode out) {
    if (!has("stop")) return;
    var given = request.get("stop");
    var stops = given.isTextual() ? Json.array().add(given) : given;
    boolean valid = stops.isArray() && stops.size() <= MAX_STOPS;
    for (var stop : stops) {
      valid &= stop.isTextual() && !stop.asText().isEmpty();
      valid &= stop.asText().length() <= MAX_STOP_CHARS;
    }
    if (!valid) throw invalid("`stop` must be a text or up to 16 texts, none empty.", "stop");
    if (!stops.isEmpty()) out.set("stop", stops);
  }

  private void responseFormat(ObjectNode out) {
    if (!has("response_format")) return;
    var format = request.get("response_format");
    switch (format.path("type").asText()) {
      case "text" -> {}
      case "json_object" -> out.putObject("json_schema").put("type", "object");
      case "json_schema" -> out.set("json_schema", schema(format.at("/json_schema/schema")));
      default ->
          throw invalid(
              "`response_format.type` must be `text`, `json_object` or `json_schema`.",
              "response_format");
    }
  }

  private static JsonNode schema(JsonNode schema) {
    if (schema.isObject() && Json.text(schema).length() <= MAX_SCHEMA_CHARS) {
      SchemaRules.check(schema);
      return schema;
    }
    throw invalid(
        "`response_format.json_schema.schema` must be an object of at most 64 KB.",
        "response_format");
  }

  private static boolean isOff(JsonNode value) {
    return value.isBoolean() && !value.asBoolean();
  }

  private boolean has(String name) {
    return request.hasNonNull(name);
  }

  private static InvalidRequest invalid(String message, String param) {
    return new InvalidRequest(message, param, "invalid_value");
  }

  private static InvalidRequest unsupported(String message, String param) {
    return new InvalidRequest(message, param, "unsupported_parameter");
  }
}

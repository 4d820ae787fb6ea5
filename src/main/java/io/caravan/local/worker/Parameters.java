package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;

/** A request's parameters, each with its type and range checked, in llama.cpp's names. */
final class Parameters {

  private static final int MAX_STOPS = 4;
  private static final int MAX_STOP_CHARS = 1000;

  /** Answers to one request, at most. */
  static final int MAX_CHOICES = 16;

  private static final int BANNED = -100;

  /** llama.cpp's seeds have 32 bits, and the highest means a random one. */
  static final long SEEDS = 0xffffffffL;

  private final JsonNode request;
  private final int vocabulary;

  /**
   * @param vocabulary how many tokens the model knows
   */
  Parameters(JsonNode request, int vocabulary) {
    this.request = request;
    this.vocabulary = vocabulary;
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
    integer(out, "repeat_last_n", -1, 1_000_000);
    number(out, "typical_p", 0, 1);
    integer(out, "mirostat", 0, 2);
    number(out, "mirostat_tau", 0, 100);
    number(out, "mirostat_eta", 0, 1);
    logitBias(out);
    if (has("seed")) out.put("seed", seed());
    stops(out);
    if (has("response_format")) ResponseFormat.addTo(out, request.get("response_format"));
    return out;
  }

  /** Tokens to generate at most, as far as the client says. */
  int limit(int absent) {
    var name = has("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    return has(name) ? (int) Math.min(absent, whole(name, 1, Integer.MAX_VALUE)) : absent;
  }

  /** How many answers are wanted. */
  int choices() {
    return has("n") ? (int) whole("n", 1, MAX_CHOICES) : 1;
  }

  private void refuseUnsupported() {
    for (var name : new String[] {"logprobs", "top_logprobs"}) {
      if (!has(name) || isOff(request.get(name))) continue;
      throw unsupported("`" + name + "` is not available for local models.", name);
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

  private long seed() {
    return Math.floorMod(whole("seed", Long.MIN_VALUE, Long.MAX_VALUE), SEEDS);
  }

  private void logitBias(ObjectNode out) {
    if (!has("logit_bias")) return;
    var given = request.get("logit_bias");
    if (!given.isObject()) throw invalid("`logit_bias` must be an object.", "logit_bias");
    var biases = Json.array();
    for (var entry : given.properties()) {
      var value = entry.getValue();
      boolean fits = value.isNumber() && Math.abs(value.asDouble()) <= -BANNED;
      if (!fits || !isToken(entry.getKey())) {
        var message = "`logit_bias` must map token ids from 0 to %d to numbers from -100 to 100.";
        throw invalid(message.formatted(vocabulary - 1), "logit_bias");
      }
      var bias = biases.addArray().add(Integer.parseInt(entry.getKey()));
      if (value.asDouble() == BANNED) bias.add(false);
      else bias.add(value.asDouble());
    }
    if (!biases.isEmpty()) out.set("logit_bias", biases);
  }

  private boolean isToken(String id) {
    return id.matches("[0-9]{1,9}") && Integer.parseInt(id) < vocabulary;
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
    if (!valid) throw invalid("`stop` must be a text or up to 4 texts, none empty.", "stop");
    if (!stops.isEmpty()) out.set("stop", stops);
  }

  private static boolean isOff(JsonNode value) {
    return value.isBoolean() && !value.asBoolean();
  }

  private boolean has(String name) {
    return request.hasNonNull(name);
  }

  static InvalidRequest invalid(String message, String param) {
    return new InvalidRequest(message, param, "invalid_value");
  }

  private static InvalidRequest unsupported(String message, String param) {
    return new InvalidRequest(message, param, "unsupported_parameter");
  }
}

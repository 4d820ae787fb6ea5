package io.caravan.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Provider;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.settings.Configuration;
import java.util.List;
import java.util.Map;

/**
 * How models generate where a request does not say it, in the words of Transformers.
 *
 * @param values those that are set
 */
record GenerationConfig(ObjectNode values) {

  /** A value's bounds, and its names in a request. */
  private record Field(double least, double most, boolean whole, List<String> names) {}

  private static final double ANY = Double.MAX_VALUE;

  /** llama.cpp and Ollama call the penalty otherwise than vLLM; each ignores the other's word. */
  private static final Map<String, Field> FIELDS =
      Map.of(
          "max_new_tokens", new Field(1, Integer.MAX_VALUE, true, List.of("max_tokens")),
          "temperature", new Field(0, 2, false, List.of("temperature")),
          "top_p", new Field(0, 1, false, List.of("top_p")),
          "top_k", new Field(1, Integer.MAX_VALUE, true, List.of("top_k")),
          "repetition_penalty",
              new Field(1, ANY, false, List.of("repeat_penalty", "repetition_penalty")));

  private static final List<String> ORDER =
      List.of("max_new_tokens", "temperature", "top_p", "top_k", "repetition_penalty");

  /** The parameters that every service takes, also those in the cloud that refuse unknown ones. */
  private static final List<String> COMMON = List.of("max_tokens", "temperature", "top_p");

  /** What the settings say. */
  static GenerationConfig of(Configuration configuration) {
    var values = Json.object();
    if (configuration.get("caravan.max-tokens") != null) {
      values.put("max_new_tokens", (int) configuration.number("caravan.max-tokens", 1));
    }
    if (configuration.get("caravan.temperature") != null) {
      values.put("temperature", configuration.number("caravan.temperature", 1));
    }
    return new GenerationConfig(values);
  }

  /**
   * This configuration with changes; null takes a value away.
   *
   * @throws InvalidRequest naming a key that is not known or a value out of bounds
   */
  GenerationConfig with(ObjectNode changes) {
    var changed = values.deepCopy();
    for (var change : changes.properties()) {
      check(change.getKey(), change.getValue());
      if (change.getValue().isNull()) changed.remove(change.getKey());
      else changed.set(change.getKey(), change.getValue());
    }
    return new GenerationConfig(changed);
  }

  /** All values, null where none is set. */
  ObjectNode json() {
    var json = Json.object();
    for (var name : ORDER) json.set(name, values.get(name));
    return json;
  }

  /** A request with what it does not set itself, as far as a provider takes it. */
  ObjectNode applied(ObjectNode request, Provider provider) {
    var applied = Json.shallowCopy(request);
    for (var value : values.properties()) {
      var names = FIELDS.get(value.getKey()).names;
      if (names.stream().anyMatch(request::has)) continue;
      if (names.contains("max_tokens") && request.has("max_completion_tokens")) continue;
      for (var name : names) if (takes(provider, name)) applied.set(name, value.getValue());
    }
    return applied;
  }

  private static boolean takes(Provider provider, String name) {
    if (provider.drops().contains(name) || provider.refuses().contains(name)) return false;
    if (!provider.accepts().isEmpty()) return provider.accepts().contains(name);
    return !provider.needsKey() || COMMON.contains(name);
  }

  private static void check(String name, JsonNode value) {
    var field = FIELDS.get(name);
    if (field == null) {
      throw invalid("'" + name + "' is not known; " + String.join(", ", ORDER) + " are.", name);
    }
    if (value.isNull()) return;
    boolean right = value.isNumber() && (!field.whole || value.canConvertToExactIntegral());
    if (right && value.asDouble() >= field.least && value.asDouble() <= field.most) return;
    var kind = field.whole ? "a whole number" : "a number";
    var most = field.most >= Integer.MAX_VALUE ? " or more" : " to " + text(field.most);
    throw invalid("'%s' must be %s, %s%s.".formatted(name, kind, text(field.least), most), name);
  }

  private static String text(double bound) {
    return String.valueOf((long) bound);
  }

  private static InvalidRequest invalid(String message, String param) {
    return new InvalidRequest(message, param, "invalid_value");
  }
}

package io.caravan.personal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.io.IOException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a user says of a service, read from JSON whose names may be in camelCase or snake_case.
 *
 * @param backendType null if it is not said
 * @param config names in camelCase, values as they came; an empty text or null takes a value away;
 *     null if it is not said
 * @param defaultModel null for none
 */
record SettingsRequest(String backendType, ObjectNode config, String defaultModel) {

  private static final List<String> TYPES =
      List.of("backend_type", "backendType", "backend", "provider", "type");
  private static final List<String> MODELS = List.of("default_model", "defaultModel", "model");
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,63}");
  private static final Pattern SNAKE = Pattern.compile("_+([A-Za-z0-9])");
  private static final int MAX_FIELDS = 40;
  private static final int MAX_CHARS = 8192;
  private static final int MAX_NAME_CHARS = 1000;

  /** Reads the body of a request; an empty one says nothing. */
  static SettingsRequest of(byte[] body) {
    if (body == null || body.length == 0) return new SettingsRequest(null, null, null);
    return of(object(body));
  }

  /** The same for a backend. */
  SettingsRequest of(String type) {
    return new SettingsRequest(type, config, defaultModel);
  }

  /** Reads one user's settings from a tree. */
  static SettingsRequest of(ObjectNode told) {
    var config = config(told.path("config"));
    var model = text(told, MODELS, MAX_NAME_CHARS);
    if (model == null && config != null) model = config.path("model").asText(null);
    return new SettingsRequest(text(told, TYPES, 100), config, model);
  }

  /**
   * Parses a body that must be a JSON object.
   *
   * @throws InvalidRequest if it is none
   */
  static ObjectNode object(byte[] body) {
    if (tree(body) instanceof ObjectNode object) return object;
    throw new InvalidRequest("The body of your request is not a JSON object.", null, null);
  }

  /**
   * Parses a body of any JSON.
   *
   * @throws InvalidRequest if it is none
   */
  static JsonNode tree(byte[] body) {
    try {
      return Json.readRequest(body);
    } catch (IOException e) {
      throw new InvalidRequest("The body of your request is not JSON.", null, null);
    }
  }

  private static String text(ObjectNode told, List<String> names, int maxChars) {
    for (var name : names) {
      var value = told.path(name);
      if (value.isMissingNode() || value.isNull()) continue;
      if (!value.isTextual()) throw wrong(name, "must be a string");
      check(name, value.asText(), maxChars);
      return value.asText().isBlank() ? null : value.asText().strip();
    }
    return null;
  }

  private static ObjectNode config(JsonNode told) {
    if (told.isMissingNode() || told.isNull()) return null;
    if (!told.isObject()) throw wrong("config", "must be an object");
    if (told.size() > MAX_FIELDS) throw wrong("config", "has more than " + MAX_FIELDS + " fields");
    var config = Json.object();
    for (var field : told.properties()) {
      var name = field.getKey();
      var value = field.getValue();
      if (!NAME.matcher(name).matches()) {
        throw wrong("config", "has a field whose name is not made of letters and digits");
      }
      check("config." + name, value.asText(), MAX_CHARS);
      config.set(camelCase(name), value.isTextual() ? text(value.asText().strip()) : value);
    }
    return config;
  }

  /** A line break or another control character would reach a header of the call to the service. */
  private static void check(String name, String value, int maxChars) {
    if (value.length() > maxChars) {
      throw wrong(name, "is longer than " + maxChars + " characters");
    }
    if (value.strip().chars().anyMatch(Character::isISOControl)) {
      throw wrong(name, "must not hold control characters");
    }
  }

  private static JsonNode text(String value) {
    return Json.object().textNode(value);
  }

  private static String camelCase(String name) {
    var camel =
        SNAKE.matcher(name).replaceAll(found -> upper(found.group(1))).replaceFirst("_+$", "");
    return camel.equals("baseUrl") ? "url" : camel;
  }

  private static String upper(String letter) {
    return Matcher.quoteReplacement(letter.toUpperCase(java.util.Locale.ROOT));
  }

  private static InvalidRequest wrong(String name, String what) {
    return new InvalidRequest("'" + name + "' " + what + ".", name, "invalid_value");
  }
}

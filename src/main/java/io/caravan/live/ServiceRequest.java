package io.caravan.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.ServiceKeys;
import io.caravan.catalog.ServiceSettings;
import io.caravan.errors.GatewayException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/**
 * What somebody wants a service to be: the settings' names in snake_case.
 *
 * @param name null if it is not said
 * @param settings in kebab case; a null value takes a setting back to its default
 * @param saysKey whether something is said about the key
 * @param key null or empty for none
 * @param version the version that is to be replaced, null for whichever there is
 */
record ServiceRequest(
    String name, Map<String, String> settings, boolean saysKey, String key, Long version) {

  private static final String KEY = "api-key";

  /** What {@code GET} tells beside the settings; sent back, it means nothing. */
  private static final Set<String> TOLD =
      Set.of(
          "title",
          "status",
          "since",
          "checked-at",
          "latency-ms",
          "error",
          "last-error",
          "last-error-at",
          "models",
          "limits",
          "capabilities",
          "history",
          "has-key",
          "origin",
          "read-only",
          "note",
          "object",
          "settings");

  /**
   * Reads a body.
   *
   * @throws GatewayException.InvalidRequest naming the field that is not of its kind
   */
  static ServiceRequest of(ObjectNode body) {
    var settings = new LinkedHashMap<String, String>();
    for (var field : body.properties()) {
      var setting = kebab(field.getKey());
      if (!TOLD.contains(setting)) settings.put(setting, text(field.getKey(), field.getValue()));
    }
    boolean saysKey = settings.containsKey(KEY);
    var key = settings.remove(KEY);
    var name = settings.remove("name");
    var version = settings.remove("version");
    return new ServiceRequest(name, settings, saysKey, key, version(version));
  }

  /** The name, which must be one. */
  String checkedName() {
    if (name == null) throw invalid("name", "is missing");
    if (name.matches(ServiceSettings.NAME)) return name;
    throw invalid("name", "must be made of up to 100 letters, digits, '-' and '_'");
  }

  private static Long version(String text) {
    try {
      return text == null ? null : (Long) Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw invalid("version", "must be the number that GET tells");
    }
  }

  /** The snake_case of a setting, as the API names it. */
  static String field(String setting) {
    return setting.replace('-', '_');
  }

  private static String kebab(String field) {
    return ServiceKeys.setting(field).replace('_', '-').toLowerCase(Locale.ROOT);
  }

  private static String text(String field, JsonNode value) {
    if (value.isNull()) return null;
    if (value.isArray()) {
      var list = new StringJoiner(", ");
      for (var item : value) {
        boolean said = item.isTextual() && !item.asText().isBlank();
        if (!said) throw invalid(field, "must be a list of strings, none of them empty");
        list.add(plain(field, item.asText()));
      }
      return list.length() == 0 ? null : list.toString();
    }
    if (!value.isValueNode()) throw invalid(field, "must be a string, a number, true or false");
    return plain(field, value.asText());
  }

  private static String plain(String field, String text) {
    boolean odd = text.chars().anyMatch(Character::isISOControl) || text.length() > 4000;
    if (odd) throw invalid(field, "holds what no setting can hold");
    boolean variable = kebab(field).equals("api-key-env-var");
    if (variable && text.length() > 200) throw invalid(field, "is longer than 200 characters");
    return text.strip();
  }

  static GatewayException.InvalidRequest invalid(String field, String what) {
    return new GatewayException.InvalidRequest(
        "'" + field + "' " + what + ".", field, "invalid_value");
  }
}

package io.caravan.personal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What an older page kept in the browser, in the forms that such pages use: one object, a list of
 * them, or an object of them by backend; all of it under {@code settings}, or as the JSON text that
 * a browser's storage holds. Pure.
 */
final class OldSettings {

  private static final List<String> WRAPPERS = List.of("settings", "llm", "llm_settings");
  private static final List<String> ACTIVE =
      List.of("backend_type", "backendType", "active", "activeBackend", "backend", "provider");

  /** Fields of one backend's settings that are not part of its {@code config}. */
  private static final Set<String> OUTSIDE =
      Set.of(
          "backend_type",
          "backendType",
          "backend",
          "provider",
          "type",
          "default_model",
          "defaultModel",
          "is_active",
          "isActive");

  private static final int MOST = 50;

  private OldSettings() {}

  /**
   * Reads them; the one that is to be active comes first.
   *
   * @throws InvalidRequest if nothing in it names a backend
   */
  static List<SettingsRequest> read(JsonNode told) {
    var found = new ArrayList<SettingsRequest>();
    collect(unwrapped(parsed(told)), found);
    if (found.isEmpty()) {
      throw new InvalidRequest(
          "There are no settings in it: send backend_type and config, or a list of such objects.",
          "backend_type",
          "missing_required_parameter");
    }
    return found;
  }

  private static JsonNode unwrapped(JsonNode told) {
    for (var name : WRAPPERS) {
      if (told.hasNonNull(name)) return unwrapped(parsed(told.get(name)));
    }
    return told;
  }

  private static JsonNode parsed(JsonNode value) {
    if (!value.isTextual()) return value;
    try {
      return Json.read(value.asText());
    } catch (JsonProcessingException e) {
      throw new InvalidRequest("'settings' is a text, but no JSON.", "settings", "invalid_value");
    }
  }

  private static void collect(JsonNode told, List<SettingsRequest> found) {
    if (told.isArray()) {
      for (var each : told) if (isActive(each)) collect(each, found);
      for (var each : told) if (!isActive(each) && found.size() < MOST) collect(each, found);
    } else if (told instanceof ObjectNode object) {
      var active = active(object);
      boolean byBackend = active == null || object.path(active).isObject();
      if (byBackend) byBackend(object, active, found);
      else found.add(SettingsRequest.of(nested(object)));
    }
  }

  private static boolean isActive(JsonNode one) {
    return one.path("is_active").asBoolean() || one.path("isActive").asBoolean();
  }

  private static void byBackend(ObjectNode told, String active, List<SettingsRequest> found) {
    if (active != null) found.add(of(active, (ObjectNode) told.get(active)));
    for (var field : told.properties()) {
      boolean other = !field.getKey().equals(active) && found.size() < MOST;
      if (other && field.getValue() instanceof ObjectNode one) found.add(of(field.getKey(), one));
    }
  }

  private static SettingsRequest of(String backendType, ObjectNode told) {
    return SettingsRequest.of(nested(told.deepCopy().put("backend_type", backendType)));
  }

  private static String active(ObjectNode told) {
    for (var name : ACTIVE) if (told.path(name).isTextual()) return told.path(name).asText();
    return null;
  }

  /** Settings whose fields are not under {@code config}. */
  private static ObjectNode nested(ObjectNode told) {
    if (told.hasNonNull("config")) return told;
    var nested = Json.object();
    var config = Json.object();
    for (var field : told.properties()) {
      boolean outside = OUTSIDE.contains(field.getKey());
      (outside ? nested : config).set(field.getKey(), field.getValue());
    }
    nested.set("config", config);
    return nested;
  }
}

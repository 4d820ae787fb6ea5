package io.caravan.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;

/**
 * A change that somebody made by the API.
 *
 * @param action the id of the route that did it, such as {@code create-key}
 * @param subject method and path
 * @param details which fields were given, and the values of those that tell what it was about;
 *     never a secret
 */
record AuditEntry(
    String id,
    Instant at,
    String clientId,
    String clientName,
    String address,
    String action,
    String subject,
    int status,
    String details) {

  /** Fields whose values are names, not secrets. */
  private static final Set<String> TELLING =
      Set.of(
          "name",
          "scope",
          "model",
          "service",
          "provider",
          "type",
          "backend_type",
          "default_model",
          "disabled",
          "expires_at",
          "requests_per_minute",
          "tokens_per_minute",
          "enabled",
          "alias",
          "forget");

  private static final int LONGEST_VALUE = 200;
  private static final int MOST_FIELDS = 50;
  private static final int LARGEST_BODY = 64 << 10;

  /** What may be told of a request's body. */
  static String details(byte[] body) {
    if (body == null || body.length == 0) return null;
    if (body.length > LARGEST_BODY) return "{\"bytes\":" + body.length + "}";
    try {
      return Json.read(body) instanceof ObjectNode object ? Json.text(details(object)) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static ObjectNode details(ObjectNode body) {
    var told = Json.object();
    var fields = told.putArray("fields");
    for (var field : body.properties()) {
      if (fields.size() < MOST_FIELDS) fields.add(shortened(field.getKey()));
      JsonNode value = field.getValue();
      if (!TELLING.contains(field.getKey()) || !value.isValueNode()) continue;
      told.set(
          field.getKey(),
          value.isTextual() ? Json.object().textNode(shortened(value.asText())) : value);
    }
    return told;
  }

  /** The details with what has turned out to be meant. */
  static String with(String details, String field, String value) {
    try {
      var told = details == null ? Json.object() : (ObjectNode) Json.read(details);
      return Json.text(told.put(field, shortened(value)));
    } catch (IOException e) {
      throw new IllegalStateException("details are made here", e);
    }
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "…";
  }

  ObjectNode json() {
    var json = Json.object().put("id", id).put("at", at.toString());
    json.putObject("client").put("id", clientId).put("name", clientName);
    json.put("address", address).put("action", action).put("subject", subject);
    json.put("status", status);
    try {
      json.set("details", details == null ? null : Json.read(details));
    } catch (IOException e) {
      json.putNull("details"); // the row is damaged; the rest of it still tells something
    }
    return json;
  }
}

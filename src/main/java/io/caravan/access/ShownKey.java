package io.caravan.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client.Scope;
import io.caravan.json.Json;
import java.util.List;

/** A key as {@code /api/keys} tells it, masked. Pure. */
final class ShownKey {

  private static final String DAMAGED =
      "The row of this key is damaged in the database: it opens nothing. Delete it.";

  private ShownKey() {}

  /** What GET tells of a key. */
  static ObjectNode json(ApiKey key) {
    var limits = key.limits();
    var json = Json.object().put("id", key.id()).put("object", "key").put("name", key.name());
    json.put("scope", key.scope() == Scope.ADMIN ? "admin" : "client").put("key", key.mask());
    json.put("disabled", key.disabled());
    json.put("expires_at", limits.expiresAt() == null ? null : limits.expiresAt().toString());
    json.set("allowed_models", list(limits.allowedModels()));
    json.set("allowed_services", list(limits.allowedServices()));
    json.set("requests_per_minute", number(limits.requestsPerMinute()));
    json.set("tokens_per_minute", number(limits.tokensPerMinute()));
    return json.put("created_at", key.createdAt().toString())
        .put("updated_at", key.updatedAt().toString());
  }

  private static JsonNode list(List<String> names) {
    if (names.isEmpty()) return Json.object().nullNode();
    var array = Json.array();
    names.forEach(array::add);
    return array;
  }

  private static JsonNode number(long limit) {
    return limit == 0 ? Json.object().nullNode() : Json.object().numberNode(limit);
  }

  /** What it tells of one whose row cannot be read. */
  static ObjectNode damaged(String id) {
    return Json.object()
        .put("id", id)
        .put("object", "key")
        .put("name", id)
        .put("scope", "client")
        .put("disabled", true)
        .put("error", DAMAGED);
  }
}

package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Set;

/** Two schemas that both have to hold, as one. */
final class SchemaMerge {

  private static final Set<String> ANNOTATIONS =
      Set.of(
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "$comment",
          "$schema",
          "$id",
          "$defs",
          "definitions");

  private SchemaMerge() {}

  /** Whether a keyword says nothing of what an answer may be. */
  static boolean isAnnotation(String keyword) {
    return ANNOTATIONS.contains(keyword);
  }

  static boolean isAnnotation(ObjectNode schema) {
    return schema.properties().stream().allMatch(field -> isAnnotation(field.getKey()));
  }

  static ObjectNode without(ObjectNode schema, String keyword) {
    var out = Json.shallowCopy(schema);
    out.remove(keyword);
    return out;
  }

  /** A schema with {@code allOf} as one without. */
  static JsonNode allOf(ObjectNode schema, SchemaReferences references) {
    var parts = schema.path("allOf");
    if (!parts.isArray() || parts.isEmpty()) throw new SchemaRefusal("an empty 'allOf'");
    JsonNode all = without(schema, "allOf");
    for (var part : parts) {
      boolean plain = part.has("$ref") && part.size() == 1;
      all = both(all, plain ? references.follow(part.path("$ref").asText()) : part);
    }
    return all;
  }

  static JsonNode both(JsonNode one, JsonNode other) {
    if (one.isBoolean() && one.asBoolean()) return other;
    if (other.isBoolean() && other.asBoolean()) return one;
    if (!one.isObject() || !other.isObject()) throw contradiction();
    if (closes(one, other) || closes(other, one)) {
      throw new SchemaRefusal("'allOf' beside 'additionalProperties'");
    }
    var out = Json.shallowCopy((ObjectNode) one);
    for (var field : other.properties()) {
      var name = field.getKey();
      var mine = out.get(name);
      boolean same = mine == null || isAnnotation(name) || mine.equals(field.getValue());
      if (!same) out.set(name, keyword(name, mine, field.getValue()));
      else if (mine == null) out.set(name, field.getValue());
    }
    return out;
  }

  /** Whether one says of further properties what the other's own would have to heed. */
  private static boolean closes(JsonNode one, JsonNode other) {
    var further = one.path("additionalProperties");
    if (further.isMissingNode() || further.asBoolean()) return false;
    var known = one.path("properties");
    return other.path("properties").properties().stream().anyMatch(p -> !known.has(p.getKey()));
  }

  private static JsonNode keyword(String name, JsonNode one, JsonNode other) {
    return switch (name) {
      case "properties" -> properties(one, other);
      case "required" -> union(one, other);
      case "type", "enum" -> intersection(one, other);
      case "minimum", "exclusiveMinimum", "minLength", "minItems" -> higher(one, other);
      case "maximum", "exclusiveMaximum", "maxLength", "maxItems" ->
          higher(one, other) == one ? other : one;
      case "items" -> both(one, other);
      case "additionalProperties" -> one.isBoolean() && !one.asBoolean() ? one : other;
      default -> throw new SchemaRefusal("'allOf' with two '" + name + "'");
    };
  }

  private static JsonNode properties(JsonNode one, JsonNode other) {
    if (!one.isObject() || !other.isObject())
      throw new SchemaRefusal("'properties' that is no object");
    var out = Json.shallowCopy((ObjectNode) one);
    for (var field : other.properties()) {
      var mine = out.get(field.getKey());
      out.set(field.getKey(), mine == null ? field.getValue() : both(mine, field.getValue()));
    }
    return out;
  }

  private static JsonNode union(JsonNode one, JsonNode other) {
    var all = new LinkedHashSet<JsonNode>();
    one.forEach(all::add);
    other.forEach(all::add);
    return Json.array().addAll(all);
  }

  private static JsonNode intersection(JsonNode one, JsonNode other) {
    var mine = list(one);
    mine.retainAll(list(other));
    if (mine.isEmpty()) throw contradiction();
    return Json.array().addAll(mine);
  }

  private static LinkedHashSet<JsonNode> list(JsonNode value) {
    var all = new LinkedHashSet<JsonNode>();
    if (value.isArray()) value.forEach(all::add);
    else all.add(value);
    return all;
  }

  private static JsonNode higher(JsonNode one, JsonNode other) {
    BigDecimal mine = one.decimalValue();
    return mine.compareTo(other.decimalValue()) >= 0 ? one : other;
  }

  private static SchemaRefusal contradiction() {
    return new SchemaRefusal("parts that exclude each other");
  }
}

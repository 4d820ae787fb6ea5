package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** A schema without references and alternatives, type by type. */
final class SchemaTypes {

  static final Set<String> BOUNDS =
      Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");

  private static final Map<String, Set<String>> KEYWORDS =
      Map.of(
          "object", Set.of("properties", "required", "additionalProperties"),
          "array", Set.of("items", "prefixItems", "minItems", "maxItems"),
          "string", Set.of("pattern", "format", "minLength", "maxLength"),
          "integer", BOUNDS,
          "number", BOUNDS,
          "boolean", Set.of(),
          "null", Set.of());

  private final Function<JsonNode, ObjectNode> child;

  /**
   * @param child rewrites the schema of a part
   */
  SchemaTypes(Function<JsonNode, ObjectNode> child) {
    this.child = child;
  }

  /** Any value at all. */
  static ObjectNode anything() {
    return Json.object().put("type", "any");
  }

  ObjectNode rewrite(ObjectNode schema) {
    refuseUnknown(schema);
    if (schema.has("const") || schema.has("enum")) return values(schema);
    var types = types(schema);
    if (types.size() == 1) return type(types.get(0), schema);
    var out = Json.object();
    var any = out.putArray("anyOf");
    for (var type : types) any.add(type(type, schema));
    return out;
  }

  private static void refuseUnknown(ObjectNode schema) {
    for (var field : schema.properties()) {
      var name = field.getKey();
      boolean idle = name.equals("uniqueItems") && !field.getValue().asBoolean();
      boolean known =
          idle
              || SchemaMerge.isAnnotation(name)
              || Set.of("type", "enum", "const").contains(name)
              || KEYWORDS.values().stream().anyMatch(keywords -> keywords.contains(name));
      if (!known) throw new SchemaRefusal("'" + name + "'");
    }
  }

  /** The types that the schema names, else those that its keywords speak of, else any. */
  private static List<String> types(ObjectNode schema) {
    var named = Json.texts(schema.path("type"));
    for (var type : named) {
      if (!KEYWORDS.containsKey(type)) throw new SchemaRefusal("the type '" + type + "'");
    }
    if (schema.has("type") && named.isEmpty()) throw new SchemaRefusal("an empty 'type'");
    if (!named.isEmpty()) return named;
    var meant = new ArrayList<String>();
    for (var type : List.of("object", "array", "string", "number")) {
      if (KEYWORDS.get(type).stream().anyMatch(schema::has)) meant.add(type);
    }
    return meant.isEmpty() ? List.of("any") : meant;
  }

  private ObjectNode type(String type, ObjectNode schema) {
    return switch (type) {
      case "object" -> new SchemaObject(schema).rewrite(child);
      case "array" -> new SchemaArray(schema).rewrite(child);
      case "string" -> SchemaText.rewrite(schema);
      case "integer", "number" -> new SchemaNumber(schema).rewrite(type);
      default -> Json.object().put("type", type);
    };
  }

  /** The values that are listed and of a type that is named. */
  private static ObjectNode values(ObjectNode schema) {
    var listed = schema.has("const") ? Json.array().add(schema.get("const")) : schema.get("enum");
    if (!listed.isArray() || listed.isEmpty()) throw new SchemaRefusal("an empty 'enum'");
    var types = Json.texts(schema.path("type"));
    var out = Json.object();
    var kept = out.putArray("enum");
    for (var value : listed) {
      SchemaText.refuseNul(value.toString());
      if (types.isEmpty() || types.stream().anyMatch(type -> isOf(type, value))) kept.add(value);
    }
    if (kept.isEmpty()) throw new SchemaRefusal("an 'enum' without a value of its 'type'");
    for (var list : KEYWORDS.entrySet()) {
      for (var name : list.getValue()) {
        if (schema.has(name)) throw new SchemaRefusal("'" + name + "' beside 'enum' or 'const'");
      }
    }
    return out;
  }

  private static boolean isOf(String type, JsonNode value) {
    return switch (type) {
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "string" -> value.isTextual();
      default -> type.equalsIgnoreCase(value.getNodeType().name());
    };
  }
}

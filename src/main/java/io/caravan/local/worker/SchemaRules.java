package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import java.util.HashSet;
import java.util.Set;

/**
 * Which JSON schemas may reach llama.cpp b4916. What its grammar does not understand either ends
 * the process (some patterns, a NUL) or is not enforced at all, so only what it enforces is let
 * through.
 */
final class SchemaRules {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_REPEATS = 2000;

  private static final Set<String> TAKEN =
      Set.of(
          "type",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "prefixItems",
          "minItems",
          "maxItems",
          "minLength",
          "maxLength",
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "enum",
          "const",
          "anyOf",
          "oneOf",
          "$ref",
          "$defs",
          "definitions",
          "title",
          "description",
          "default",
          "examples",
          "$schema",
          "$id");

  private static final Set<String> MAPS = Set.of("properties", "$defs", "definitions");
  private static final Set<String> LISTS = Set.of("anyOf", "oneOf", "prefixItems");
  private static final Set<String> COUNTS =
      Set.of("minItems", "maxItems", "minLength", "maxLength");

  private final JsonNode root;

  private SchemaRules(JsonNode root) {
    this.root = root;
  }

  /**
   * Checks a schema.
   *
   * @throws InvalidRequest naming the keyword that is not taken
   */
  static void check(JsonNode schema) {
    new SchemaRules(schema).schema(schema, 0);
  }

  private void schema(JsonNode schema, int depth) {
    if (schema.isBoolean()) return;
    if (!schema.isObject()) throw refused("a schema that is no object");
    if (depth > MAX_DEPTH) throw refused("more than " + MAX_DEPTH + " levels");
    for (var field : schema.properties()) keyword(field.getKey(), field.getValue(), depth + 1);
  }

  private void keyword(String name, JsonNode value, int depth) {
    if (!TAKEN.contains(name)) throw refused("'" + name + "'");
    if (MAPS.contains(name)) {
      if (!value.isObject()) throw refused("'" + name + "' that is no object");
      value
          .properties()
          .forEach(
              entry -> {
                text(entry.getKey());
                schema(entry.getValue(), depth);
              });
    } else if (LISTS.contains(name)) {
      if (!value.isArray() || value.isEmpty()) throw refused("an empty '" + name + "'");
      value.forEach(each -> schema(each, depth));
    } else if (name.equals("items") || name.equals("additionalProperties")) {
      schema(value, depth);
    } else if (COUNTS.contains(name)) {
      boolean fits =
          value.isIntegralNumber() && value.asLong(-1) >= 0 && value.asLong() <= MAX_REPEATS;
      if (!fits) throw refused("'" + name + "' other than 0 to " + MAX_REPEATS);
    } else if (name.equals("$ref")) {
      reference(value.asText(), new HashSet<>());
    } else if (name.equals("enum") || name.equals("const")) {
      if (name.equals("enum") && value.isEmpty()) throw refused("an empty 'enum'");
      text(value.toString());
    }
  }

  /** A reference must lead, at last, to a schema of this very document. */
  private void reference(String ref, Set<String> passed) {
    if (!ref.startsWith("#/")) throw refused("a '$ref' to another document");
    JsonNode target = root.at(ref.substring(1));
    boolean leads = target.isObject() && passed.add(ref);
    if (!leads) throw refused("a '$ref' that leads nowhere");
    if (target.has("$ref")) reference(target.path("$ref").asText(), passed);
  }

  private static void text(String text) {
    if (text.indexOf('\0') >= 0 || text.contains("\\u0000")) throw refused("the character NUL");
  }

  private static InvalidRequest refused(String what) {
    return new InvalidRequest(
        "`response_format.json_schema.schema` holds " + what + ", which local models do not take.",
        "response_format",
        "unsupported_parameter");
  }
}

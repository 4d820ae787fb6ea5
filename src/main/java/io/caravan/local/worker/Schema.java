package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A client's JSON schema in the few words that {@link Grammar} knows: references resolved, parts
 * that all have to hold merged, one type at a time. What cannot be said in those words is refused
 * by name. What an answer may be is never widened, at most narrowed: where properties are named,
 * for instance, no others are made.
 */
final class Schema {

  private static final int MAX_DEPTH = 32;
  private static final int MAX_NODES = 4000;

  private final SchemaReferences references;
  private final Map<String, JsonNode> definitions = new TreeMap<>();
  private final List<String> within = new ArrayList<>();

  /** References that nothing has been written since they were followed. */
  private Set<String> bare = new HashSet<>();

  private int nodes;

  private Schema(JsonNode root) {
    this.references = new SchemaReferences(root);
  }

  /**
   * The schema in those words.
   *
   * @param param the request's field that it came in
   * @throws InvalidRequest naming what cannot be enforced
   */
  static ObjectNode enforceable(JsonNode schema, String param) {
    var reader = new Schema(schema);
    try {
      var out = reader.rewrite(schema, 0);
      if (!reader.definitions.isEmpty()) {
        out = Json.shallowCopy(out);
        out.putObject("$defs").setAll(reader.definitions);
      }
      return out;
    } catch (SchemaRefusal e) {
      throw new InvalidRequest(
          "The JSON schema in `%s` holds %s, which local models do not take."
              .formatted(param, e.getMessage()),
          param,
          "unsupported_parameter");
    }
  }

  private ObjectNode rewrite(JsonNode schema, int depth) {
    if (depth > MAX_DEPTH) throw new SchemaRefusal("more than " + MAX_DEPTH + " levels");
    if (++nodes > MAX_NODES) throw new SchemaRefusal("too many alternatives and references");
    if (schema.isBoolean() && schema.asBoolean()) return SchemaTypes.anything();
    if (!schema.isObject()) throw new SchemaRefusal("a schema that allows nothing, or is none");
    if (schema.has("$ref")) return reference((ObjectNode) schema, depth);
    if (schema.has("allOf"))
      return rewrite(SchemaMerge.allOf((ObjectNode) schema, references), depth + 1);
    for (var name : List.of("anyOf", "oneOf")) {
      if (schema.has(name)) return alternatives((ObjectNode) schema, name, depth);
    }
    return new SchemaTypes(child -> part(child, depth + 1)).rewrite((ObjectNode) schema);
  }

  /** The schema of a part, before which at least a bracket is written. */
  private ObjectNode part(JsonNode schema, int depth) {
    var outside = bare;
    bare = new HashSet<>();
    var out = rewrite(schema, depth);
    bare = outside;
    return out;
  }

  /** A reference is replaced by what it leads to; one that leads to itself stays a reference. */
  private ObjectNode reference(ObjectNode schema, int depth) {
    var target = schema.path("$ref").asText();
    var beside = SchemaMerge.without(schema, "$ref");
    if (!SchemaMerge.isAnnotation(beside)) {
      return rewrite(SchemaMerge.both(references.follow(target), beside), depth + 1);
    }
    var name = "r" + Integer.toUnsignedString(target.hashCode(), 36);
    if (within.contains(target)) {
      if (bare.contains(target)) throw new SchemaRefusal("a '$ref' that leads back to itself");
      definitions.putIfAbsent(name, Json.object());
      return Json.object().put("$ref", "#/$defs/" + name);
    }
    if (definitions.containsKey(name)) return Json.object().put("$ref", "#/$defs/" + name);
    within.add(target);
    bare.add(target);
    var out = rewrite(references.follow(target), depth + 1);
    within.remove(target);
    bare.remove(target);
    if (!definitions.containsKey(name)) return out;
    definitions.put(name, out);
    return Json.object().put("$ref", "#/$defs/" + name);
  }

  private ObjectNode alternatives(ObjectNode schema, String name, int depth) {
    var given = schema.path(name);
    if (!given.isArray() || given.isEmpty()) throw new SchemaRefusal("an empty '" + name + "'");
    var beside = SchemaMerge.without(schema, name);
    var out = Json.object();
    var any = out.putArray("anyOf");
    for (var each : given) {
      boolean alone = SchemaMerge.isAnnotation(beside);
      any.add(rewrite(alone ? each : SchemaMerge.both(each, beside), depth + 1));
    }
    return any.size() == 1 ? (ObjectNode) any.get(0) : out;
  }
}

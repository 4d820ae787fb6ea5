package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.function.Function;

/** The schema of an array. */
final class SchemaArray {

  static final int MAX_REPEATS = 2000;

  private final ObjectNode schema;

  SchemaArray(ObjectNode schema) {
    this.schema = schema;
  }

  ObjectNode rewrite(Function<JsonNode, ObjectNode> child) {
    int least = count(schema, "minItems", 0);
    int most = count(schema, "maxItems", MAX_REPEATS);
    if (least > most) throw new SchemaRefusal("'minItems' above 'maxItems'");
    var out = Json.object().put("type", "array");
    if (schema.has("prefixItems")) return prefix(out, least, most, child);
    var items = schema.path("items");
    if (items.isArray()) throw new SchemaRefusal("'items' that is a list");
    out.set("items", items.isMissingNode() ? SchemaTypes.anything() : child.apply(items));
    if (least > 0) out.put("minItems", least);
    if (schema.has("maxItems")) out.put("maxItems", most);
    return out;
  }

  /** Exactly the items listed are made. */
  private ObjectNode prefix(
      ObjectNode out, int least, int most, Function<JsonNode, ObjectNode> child) {
    var given = schema.get("prefixItems");
    boolean fits = given.isArray() && !given.isEmpty();
    if (!fits || given.size() < least || given.size() > most) {
      throw new SchemaRefusal("'prefixItems' of another number than 'minItems' and 'maxItems' say");
    }
    var items = out.putArray("prefixItems");
    given.forEach(each -> items.add(child.apply(each)));
    return out;
  }

  /** A number of items or characters; each makes a rule of the grammar longer. */
  static int count(ObjectNode schema, String name, int absent) {
    if (!schema.has(name)) return absent;
    var value = schema.get(name);
    boolean fits = value.isNumber() && value.asDouble() == value.asInt();
    if (fits && value.asInt() >= 0 && value.asInt() <= MAX_REPEATS) return value.asInt();
    throw new SchemaRefusal("'" + name + "' other than 0 to " + MAX_REPEATS);
  }
}

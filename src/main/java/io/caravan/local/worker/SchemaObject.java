package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.function.Function;

/** The schema of an object. Where properties are named, no others are made. */
final class SchemaObject {

  private final ObjectNode schema;

  SchemaObject(ObjectNode schema) {
    this.schema = schema;
  }

  ObjectNode rewrite(Function<JsonNode, ObjectNode> child) {
    var out = Json.object().put("type", "object");
    var properties = Json.object();
    var given = schema.path("properties");
    if (schema.has("properties") && !given.isObject()) {
      throw new SchemaRefusal("'properties' that is no object");
    }
    for (var field : given.properties()) {
      SchemaText.refuseNul(field.getKey());
      properties.set(field.getKey(), child.apply(field.getValue()));
    }
    required(out, properties);
    if (!properties.isEmpty()) return out.set("properties", properties);
    var further = schema.path("additionalProperties");
    if (further.isMissingNode()) return out;
    boolean plain = further.isBoolean();
    return out.set("additionalProperties", plain ? further : child.apply(further));
  }

  /** A property that must be there is one that is known. */
  private void required(ObjectNode out, ObjectNode properties) {
    var required = schema.path("required");
    if (required.isMissingNode()) return;
    if (!required.isArray()) throw new SchemaRefusal("'required' that is no list");
    var names = out.putArray("required");
    for (var name : required) {
      if (!name.isTextual()) throw new SchemaRefusal("'required' that is no list of names");
      SchemaText.refuseNul(name.asText());
      if (!properties.has(name.asText())) properties.set(name.asText(), SchemaTypes.anything());
      names.add(name);
    }
  }
}

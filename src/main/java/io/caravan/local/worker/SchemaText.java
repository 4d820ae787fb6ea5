package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/** The schema of a string; {@code pattern} becomes an expression of the grammar. */
final class SchemaText {

  private SchemaText() {}

  static ObjectNode rewrite(ObjectNode schema) {
    var out = Json.object().put("type", "string");
    boolean sized = schema.has("minLength") || schema.has("maxLength");
    if (schema.has("pattern")) {
      if (sized || schema.has("format")) throw new SchemaRefusal("'pattern' beside another limit");
      return out.put("pattern", SchemaPattern.grammar(schema.path("pattern").asText()));
    }
    if (schema.has("format")) {
      if (sized) throw new SchemaRefusal("'format' beside 'minLength' or 'maxLength'");
      return out.put("pattern", SchemaFormats.grammar(schema.path("format").asText()));
    }
    int least = SchemaArray.count(schema, "minLength", 0);
    int most = SchemaArray.count(schema, "maxLength", SchemaArray.MAX_REPEATS);
    if (least > most) throw new SchemaRefusal("'minLength' above 'maxLength'");
    if (least > 0) out.put("minLength", least);
    return schema.has("maxLength") ? out.put("maxLength", most) : out;
  }

  /** llama.cpp's texts end at a NUL. */
  static void refuseNul(String text) {
    if (text.indexOf('\0') >= 0 || text.contains("\\u0000")) {
      throw new SchemaRefusal("the character NUL");
    }
  }
}

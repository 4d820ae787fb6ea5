package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;

/** A client's JSON schema as llama.cpp enforces it. */
final class Schema {

  private Schema() {}

  static JsonNode enforceable(JsonNode schema, String param) {
    SchemaRules.check(schema);
    return schema;
  }
}

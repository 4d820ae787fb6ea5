package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/** A request's {@code response_format}, as the grammar that the answer is held to. */
final class ResponseFormat {

  private static final int MAX_SCHEMA_CHARS = 64 << 10;

  private ResponseFormat() {}

  /**
   * Has it enforced.
   *
   * @throws io.caravan.errors.GatewayException.InvalidRequest naming what cannot be
   */
  static void addTo(ObjectNode out, JsonNode format) {
    switch (format.path("type").asText()) {
      case "text" -> {}
      case "json_object" -> out.put("grammar", Grammar.of(Json.object().put("type", "object")));
      case "json_schema" -> out.put("grammar", grammar(format.at("/json_schema/schema")));
      default ->
          throw Parameters.invalid(
              "`response_format.type` must be `text`, `json_object` or `json_schema`.",
              "response_format");
    }
  }

  private static String grammar(JsonNode schema) {
    if (Nesting.exceeds(schema)) {
      throw Parameters.invalid(Nesting.refusal("The JSON schema"), "response_format");
    }
    if (schema.isObject() && Json.text(schema).length() <= MAX_SCHEMA_CHARS) {
      return Grammar.of(Schema.enforceable(schema, "response_format"));
    }
    throw Parameters.invalid(
        "`response_format.json_schema.schema` must be an object of at most 64 KB.",
        "response_format");
  }
}

package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** JSON as Python's {@code json.dumps} spaces it: what models have seen when they learned tools. */
final class PythonJson {

  private PythonJson() {}

  static String text(JsonNode node) {
    if (node.isObject()) {
      return node.properties().stream()
          .map(field -> Json.text(name(field.getKey())) + ": " + text(field.getValue()))
          .collect(Collectors.joining(", ", "{", "}"));
    }
    if (!node.isArray()) return Json.text(node);
    return StreamSupport.stream(node.spliterator(), false)
        .map(PythonJson::text)
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static JsonNode name(String name) {
    return Json.array().add(name).get(0);
  }
}

package io.caravan.local.worker;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;

/** Where the references of a schema lead: always into the same document. */
final class SchemaReferences {

  private final JsonNode root;

  SchemaReferences(JsonNode root) {
    this.root = root;
  }

  /** The schema that a reference leads to, at last. */
  JsonNode follow(String reference) {
    var passed = new HashSet<String>();
    var target = at(reference);
    while (target.has("$ref") && target.size() == 1) {
      if (!passed.add(target.path("$ref").asText())) throw nowhere();
      target = at(target.path("$ref").asText());
    }
    return target;
  }

  private JsonNode at(String reference) {
    if (reference.equals("#")) return root;
    if (!reference.startsWith("#/")) throw new SchemaRefusal("a '$ref' to another document");
    try {
      var path =
          URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
      var target = root.at(JsonPointer.compile(path));
      if (target.isObject() || target.isBoolean()) return target;
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw nowhere();
  }

  private static SchemaRefusal nowhere() {
    return new SchemaRefusal("a '$ref' that leads nowhere");
  }
}

package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request's tools on their way through the template. llama.cpp makes a grammar of each schema
 * while it fills the template in, and a schema that it cannot follow ends the process; so each
 * travels as a mark that is replaced by the real one in the result.
 */
final class Tools {

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");

  /** How a mark comes out of a template's {@code tojson}, with or without indentation. */
  private static final String MARKED =
      "\\{\\s*\"type\":\\s*\"object\",\\s*\"properties\":\\s*\\{\\s*\"%s\":"
          + "\\s*\\{\\s*\"type\":\\s*\"string\"\\s*}\\s*}\\s*}";

  private final Placeholders placeholders;
  private final Map<Character, JsonNode> schemas = new LinkedHashMap<>();

  Tools(Placeholders placeholders) {
    this.placeholders = placeholders;
  }

  ArrayNode hide(JsonNode tools) {
    if (!tools.isArray()) throw invalid("`tools` must be a list.");
    var out = Json.array();
    for (var tool : tools) {
      var function = tool.path("function");
      var name = function.path("name").asText();
      if (!NAME.matcher(name).matches()) {
        throw invalid("Each of `tools` must be a function with a name of a-z, A-Z, 0-9, _ or -.");
      }
      var schema = function.path("parameters");
      if (Nesting.exceeds(schema)) throw invalid(Nesting.refusal("The `parameters` of a tool"));
      var hidden = Json.object().put("name", name);
      hidden.put("description", placeholders.hide(function.path("description").asText("")));
      hidden.set("parameters", mark(schema));
      out.addObject().put("type", "function").set("function", hidden);
    }
    return out;
  }

  /** The rendered text with each schema in its place. */
  String show(String text) {
    var out = text;
    for (var entry : schemas.entrySet()) {
      var marked = Pattern.compile(MARKED.formatted(entry.getKey()));
      out =
          marked
              .matcher(out)
              .replaceAll(Matcher.quoteReplacement(PythonJson.text(entry.getValue())));
      // a template that takes schemas apart shows one parameter without a name
      out = out.replace(entry.getKey().toString(), "parameters");
    }
    return out;
  }

  private JsonNode mark(JsonNode schema) {
    if (schema.isEmpty())
      return Json.object().put("type", "object").set("properties", Json.object());
    if (!schema.isObject()) throw invalid("The `parameters` of a tool must be a JSON schema.");
    char mark = placeholders.reserve();
    schemas.put(mark, schema);
    var marked = Json.object().put("type", "object");
    marked.putObject("properties").putObject(String.valueOf(mark)).put("type", "string");
    return marked;
  }

  private static InvalidRequest invalid(String message) {
    return new InvalidRequest(message, "tools", null);
  }
}

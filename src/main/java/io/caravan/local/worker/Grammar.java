package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The grammar, in llama.cpp's GBNF, of the JSON that a schema of {@link Schema} allows. llama.cpp
 * b4916 has a converter of its own, but it ends the process on some schemas, gets numbers wrong,
 * and where it makes a grammar that it cannot read itself, nothing is enforced at all.
 *
 * @see <a href="https://github.com/ggml-org/llama.cpp/blob/b4916/grammars/README.md">GBNF</a>
 */
final class Grammar {

  private static final Map<String, String> COMMON =
      Map.of(
          "ws", "| \" \" | \"\\n\" [ \\t]{0,20}",
          "char", "[^\"\\\\\\x7F\\x00-\\x1F] | \"\\\\\" ([\"\\\\/bfnrt] | \"u\" [0-9a-fA-F]{4})",
          "string", "\"\\\"\" char* \"\\\"\"",
          "value", "object | array | string | number | boolean | \"null\"",
          "object",
              "\"{\" ws (string \":\" ws value (ws \",\" ws string \":\" ws value)*)? ws \"}\"",
          "array", "\"[\" ws (value (ws \",\" ws value)*)? ws \"]\"",
          "boolean", "\"true\" | \"false\"",
          "integer", "\"-\"? (\"0\" | [1-9] [0-9]{0,15})",
          "number", "integer (\".\" [0-9]{1,16})? ([eE] [-+]? [0-9]{1,2})?");

  private final Map<String, String> rules = new LinkedHashMap<>();

  /** The grammar of a schema that {@link Schema} has made. */
  static String of(JsonNode schema) {
    var grammar = new Grammar();
    grammar.rules.put("root", "");
    grammar.rules.putAll(COMMON);
    grammar.rules.put("root", grammar.expression(schema));
    for (var definition : schema.path("$defs").properties()) {
      grammar.rules.put(definition.getKey(), grammar.expression(definition.getValue()));
    }
    return grammar.rules.entrySet().stream()
        .map(rule -> rule.getKey() + " ::= " + rule.getValue() + "\n")
        .collect(Collectors.joining());
  }

  private String expression(JsonNode schema) {
    if (schema.has("$ref")) return schema.path("$ref").asText().substring("#/$defs/".length());
    if (schema.has("anyOf")) return alternatives(schema.path("anyOf"), this::expression);
    if (schema.has("enum")) return alternatives(schema.path("enum"), Grammar::literal);
    return switch (schema.path("type").asText()) {
      case "object" -> object(schema);
      case "array" -> array(schema);
      case "string" -> text(schema);
      case "integer", "number" -> GrammarNumber.of(schema);
      case "boolean" -> "boolean";
      case "null" -> "\"null\"";
      default -> "value";
    };
  }

  private static String alternatives(JsonNode list, Function<JsonNode, String> each) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(each)
        .collect(Collectors.joining(" | ", "(", ")"));
  }

  /** A JSON value as it is written. */
  private static String literal(JsonNode value) {
    return quoted(Json.text(value));
  }

  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String text(JsonNode schema) {
    if (schema.has("pattern")) return "\"\\\"\" " + schema.path("pattern").asText() + " \"\\\"\"";
    if (!schema.has("minLength") && !schema.has("maxLength")) return "string";
    return "\"\\\"\" char" + times(schema, "minLength", "maxLength", 0) + " \"\\\"\"";
  }

  private String array(JsonNode schema) {
    if (schema.has("prefixItems")) {
      return StreamSupport.stream(schema.path("prefixItems").spliterator(), false)
          .map(this::rule)
          .collect(Collectors.joining(" ws \",\" ws ", "\"[\" ws ", " ws \"]\""));
    }
    if (schema.path("maxItems").asInt(1) == 0) return "\"[\" ws \"]\"";
    var item = rule(schema.path("items"));
    var more = times(schema, "minItems", "maxItems", 1);
    var items = item + " (ws \",\" ws " + item + ")" + more;
    boolean some = schema.path("minItems").asInt() > 0;
    return "\"[\" ws " + (some ? items : "(" + items + ")?") + " ws \"]\"";
  }

  /** How often something comes that came some times before. */
  private static String times(JsonNode schema, String least, String most, int before) {
    int from = Math.max(0, schema.path(least).asInt(0) - before);
    if (!schema.has(most)) return "{" + from + ",}";
    return "{" + from + "," + (schema.path(most).asInt() - before) + "}";
  }

  /** Properties come in the order of the schema; those that may be missing, may be missing. */
  private String object(JsonNode schema) {
    var properties = schema.path("properties");
    if (properties.isEmpty()) return further(schema.path("additionalProperties"));
    var required = Json.texts(schema.path("required"));
    var entries = properties.properties().stream().toList();
    var first = "";
    var rest = "";
    for (int i = entries.size() - 1; i >= 0; i--) {
      var entry = entries.get(i);
      var pair =
          literal(Json.array().add(entry.getKey()).get(0)) + " \":\" ws " + rule(entry.getValue());
      var name = name(pair);
      boolean must = required.contains(entry.getKey());
      var others = must ? "" : (first.isEmpty() ? "| " : first.strip() + " | ");
      first = " " + name(others + name + rest);
      rest = " " + name(must ? "ws \",\" ws " + name + rest : "(ws \",\" ws " + name + ")?" + rest);
    }
    return "\"{\" ws" + first + " ws \"}\"";
  }

  /** An object of whatever names. */
  private String further(JsonNode schema) {
    if (schema.isBoolean() && !schema.asBoolean()) return "\"{\" ws \"}\"";
    if (!schema.isObject()) return "object";
    var pair = name("string \":\" ws " + rule(schema));
    return "\"{\" ws (" + pair + " (ws \",\" ws " + pair + ")*)? ws \"}\"";
  }

  private String rule(JsonNode schema) {
    return name(expression(schema));
  }

  /** The expression as a rule of its own. */
  private String name(String expression) {
    if (rules.containsKey(expression)) return expression;
    var name = "n" + rules.size();
    rules.put(name, expression);
    return name;
  }
}

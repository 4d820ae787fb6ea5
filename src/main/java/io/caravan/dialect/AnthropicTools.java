package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;

/** Tool definitions and calls, both ways. Their results are messages. */
final class AnthropicTools {

  private AnthropicTools() {}

  /** Sets {@code tools} and {@code tool_choice}, which is an error without tools. */
  static void put(ObjectNode chat, ObjectNode out) {
    if (chat.path("tools").isEmpty()) return;
    var tools = out.putArray("tools");
    for (var tool : chat.path("tools")) tools.add(tool(tool, "tools[" + tools.size() + "]"));
    ObjectNode choice = choice(chat.path("tool_choice"));
    boolean onlyOne = !chat.path("parallel_tool_calls").asBoolean(true);
    if (onlyOne && choice == null) choice = Json.object().put("type", "auto");
    if (choice == null) return;
    // the choice `none` has no such field
    if (onlyOne && !choice.path("type").asText().equals("none")) {
      choice.put("disable_parallel_tool_use", true);
    }
    out.set("tool_choice", choice);
  }

  private static ObjectNode tool(JsonNode tool, String param) {
    JsonNode function = tool.path("function");
    if (!function.isObject()) throw Contents.refused("Anthropic", tool.path("type"), param);
    var out = Json.object();
    Json.copy(function, "name", out, "name");
    Json.copy(function, "description", out, "description");
    var schema = out.putObject("input_schema").put("type", "object");
    if (function.path("parameters") instanceof ObjectNode parameters) schema.setAll(parameters);
    return out;
  }

  private static ObjectNode choice(JsonNode choice) {
    if (choice.isObject()) {
      JsonNode name = choice.path("function").path("name");
      if (name.isTextual()) return Json.object().put("type", "tool").put("name", name.asText());
      throw Contents.refused("Anthropic", choice.path("type"), "tool_choice");
    }
    return switch (choice.asText("")) {
      case "" -> null;
      case "auto", "none" -> Json.object().put("type", choice.asText());
      case "required" -> Json.object().put("type", "any");
      default ->
          throw new InvalidRequest(
              "`tool_choice` must be `auto`, `none`, `required` or name a function.",
              "tool_choice",
              null);
    };
  }

  /** A call out of the history, in Anthropic's form. */
  static ObjectNode toToolUse(JsonNode call, String param) {
    var out = Json.object().put("type", "tool_use");
    Json.copy(call, "id", out, "id");
    out.put("name", Contents.functionName(call, param));
    return out.set("input", Contents.arguments(call, param));
  }

  /** A call that Claude makes, in OpenAI's form. */
  static ObjectNode toCall(JsonNode toolUse) {
    JsonNode input = toolUse.path("input");
    return Completions.call(
        toolUse.path("id").asText(),
        toolUse.path("name").asText(),
        input.isObject() ? Json.text(input) : "{}");
  }
}

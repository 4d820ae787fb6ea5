package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What OpenAI's tool calls have and those of other services may lack: an id, a type, arguments in a
 * string, and an answer that says it ended for them.
 */
final class ToolCalls {

  private static final String REASON = "tool_calls";

  private ToolCalls() {}

  /** Completes the calls in each choice of a whole chat, in place. */
  static void complete(ObjectNode completion) {
    int index = 0;
    for (var choice : completion.path("choices")) {
      var seed = completion.path("id").asText() + '/' + index++;
      JsonNode calls = choice.path("message").path("tool_calls");
      for (int i = 0; i < calls.size(); i++) {
        if (calls.get(i) instanceof ObjectNode call) complete(call, seed + '/' + i);
      }
      if (!calls.isEmpty()) ended((ObjectNode) choice);
    }
  }

  /** A service may say {@code stop} although it calls tools. */
  static void ended(ObjectNode choice) {
    if (choice.path("finish_reason").asText().equals("stop")) choice.put("finish_reason", REASON);
  }

  /** The arguments as the text that OpenAI's clients parse; null if there are none. */
  static String arguments(JsonNode arguments) {
    if (arguments.isContainerNode()) return Json.text(arguments);
    return arguments.isTextual() ? arguments.asText() : null;
  }

  /** The same seed always gives the same id: a hash of it. */
  static String id(String seed) {
    var hash = UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
    return "call_" + hash.replace("-", "").substring(0, 24);
  }

  private static void complete(ObjectNode call, String seed) {
    if (call.path("id").asText("").isEmpty()) call.put("id", id(seed));
    if (!call.hasNonNull("type")) call.put("type", "function");
    if (!(call.path("function") instanceof ObjectNode function)) return;
    var text = arguments(function.path("arguments"));
    function.put("arguments", text == null ? "{}" : text);
  }
}

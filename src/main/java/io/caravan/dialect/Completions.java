package io.caravan.dialect;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/** The parts of OpenAI's {@code chat.completion} that a translating dialect puts together. */
final class Completions {

  private Completions() {}

  /**
   * A completion with one choice.
   *
   * @param head {@code id}, {@code created}, {@code model}, as far as the service told them
   */
  static ObjectNode completion(
      ObjectNode head, ObjectNode message, String finishReason, ObjectNode usage) {
    var out = Json.object().put("object", "chat.completion");
    out.setAll(head);
    var choice = out.putArray("choices").addObject().put("index", 0);
    choice.set("message", message);
    choice.putNull("logprobs").put("finish_reason", finishReason);
    out.set("usage", usage);
    return out;
  }

  /** The assistant's message; its content is null if it only calls tools. */
  static ObjectNode message(String content, String reasoning, ArrayNode calls) {
    boolean onlyCalls = content.isEmpty() && !calls.isEmpty();
    var out = Json.object().put("role", "assistant").put("content", onlyCalls ? null : content);
    out.putNull("refusal");
    if (!reasoning.isEmpty()) out.put(Reasoning.NAME, reasoning);
    if (!calls.isEmpty()) out.set("tool_calls", calls);
    return out;
  }

  static ObjectNode call(String id, String name, String arguments) {
    var out = Json.object().put("id", id).put("type", "function");
    out.putObject("function").put("name", name).put("arguments", arguments);
    return out;
  }

  static ObjectNode usage(long prompt, long completion) {
    return Json.object()
        .put("prompt_tokens", prompt)
        .put("completion_tokens", completion)
        .put("total_tokens", prompt + completion);
  }
}

package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/** The chunks of one choice of a streamed chat, all with the same head. */
final class Chunks {

  private final ObjectNode head;
  private final int choice;

  /**
   * @param head {@code id}, {@code created}, {@code model}, as far as the service told them
   */
  Chunks(ObjectNode head, int choice) {
    this.head = head;
    this.choice = choice;
  }

  ObjectNode role() {
    return delta(Json.object().put("role", "assistant").put("content", ""));
  }

  ObjectNode content(String text) {
    return delta(Json.object().put("content", text));
  }

  ObjectNode reasoning(String text) {
    return delta(Json.object().put(Reasoning.NAME, text));
  }

  /** The first delta of a tool call. */
  ObjectNode call(int index, String id, String name) {
    var call = Json.object().put("index", index);
    call.setAll(Completions.call(id, name, ""));
    return toolCall(call);
  }

  /** A later delta of a tool call: the next piece of its arguments. */
  ObjectNode arguments(int index, String piece) {
    var call = Json.object().put("index", index);
    call.putObject("function").put("arguments", piece);
    return toolCall(call);
  }

  ObjectNode finish(String reason) {
    return chunk(Json.object(), reason);
  }

  ObjectNode delta(ObjectNode delta) {
    return chunk(delta, null);
  }

  /** What a stream tells last: its usage, belonging to no choice. */
  ObjectNode usage(JsonNode usage) {
    var chunk = chunk();
    chunk.putArray("choices");
    return chunk.set("usage", usage);
  }

  private ObjectNode toolCall(ObjectNode call) {
    var delta = Json.object();
    delta.putArray("tool_calls").add(call);
    return delta(delta);
  }

  private ObjectNode chunk(ObjectNode delta, String finishReason) {
    var chunk = chunk();
    var only = chunk.putArray("choices").addObject().put("index", choice);
    only.set("delta", delta);
    only.put("finish_reason", finishReason);
    return chunk;
  }

  private ObjectNode chunk() {
    return Json.object().put("object", "chat.completion.chunk").setAll(head);
  }
}

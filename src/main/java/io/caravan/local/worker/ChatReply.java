package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** A chat completion. */
final class ChatReply implements Reply {

  private final String id = "chatcmpl-" + UUID.randomUUID();
  private final long created;
  private final String model;
  private final boolean includeUsage;
  private boolean begun;
  private int calls;

  ChatReply(String model, long created, boolean includeUsage) {
    this.model = model;
    this.created = created;
    this.includeUsage = includeUsage;
  }

  @Override
  public void next(Piece piece, Consumer<ObjectNode> out) {
    if (!begun) out.accept(delta(Json.object().put("role", "assistant").put("content", "")));
    begun = true;
    if (piece instanceof Piece.Text text) {
      out.accept(delta(Json.object().put("content", text.text())));
    } else if (piece instanceof Piece.Call call) {
      call(call, out);
    } else if (piece instanceof Piece.End end) {
      var last = delta(Json.object());
      ((ObjectNode) last.at("/choices/0")).put("finish_reason", end.reason());
      out.accept(last);
      if (includeUsage) out.accept(usage(end));
    }
  }

  @Override
  public ObjectNode whole(List<Piece> pieces) {
    var message = Json.object().put("role", "assistant");
    var found = Json.array();
    for (var piece : pieces) {
      if (piece instanceof Piece.Call call) found.add(call(call.name(), call.arguments()));
    }
    var text = Reply.text(pieces);
    message.put("content", text.isBlank() && !found.isEmpty() ? null : text).putNull("refusal");
    if (!found.isEmpty()) message.set("tool_calls", found);
    var end = Reply.end(pieces);
    var answer = new Head(id, "chat.completion", created, model).json();
    var choice = answer.putArray("choices").addObject().put("index", 0);
    choice.set("message", message);
    choice.putNull("logprobs").put("finish_reason", end.reason());
    return answer.set("usage", Reply.usage(end));
  }

  private void call(Piece.Call call, Consumer<ObjectNode> out) {
    int index = calls++;
    var first = Json.object().put("index", index);
    out.accept(toolDelta(first.setAll(call(call.name(), ""))));
    var second = Json.object().put("index", index);
    second.putObject("function").put("arguments", call.arguments());
    out.accept(toolDelta(second));
  }

  private static ObjectNode call(String name, String arguments) {
    var id = "call_" + UUID.randomUUID().toString().replace("-", "").substring(8);
    var call = Json.object().put("id", id).put("type", "function");
    call.putObject("function").put("name", name).put("arguments", arguments);
    return call;
  }

  private ObjectNode toolDelta(ObjectNode call) {
    var delta = Json.object();
    delta.putArray("tool_calls").add(call);
    return delta(delta);
  }

  private ObjectNode delta(ObjectNode delta) {
    var chunk = chunk();
    var choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", delta);
    choice.putNull("logprobs").putNull("finish_reason");
    if (includeUsage) chunk.putNull("usage");
    return chunk;
  }

  private ObjectNode usage(Piece.End end) {
    var chunk = chunk();
    chunk.putArray("choices");
    return chunk.set("usage", Reply.usage(end));
  }

  private ObjectNode chunk() {
    return new Head(id, "chat.completion.chunk", created, model).json();
  }
}

package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** A chat completion. */
final class ChatReply implements Reply {

  private final String id = "chatcmpl-" + UUID.randomUUID();
  private final long created;
  private final String model;
  private final boolean includeUsage;

  /** For each choice that has begun, how many calls it has made. */
  private final Map<Integer, Integer> calls = new HashMap<>();

  private final Tally tally = new Tally(Parameters.MAX_CHOICES);

  ChatReply(String model, long created, boolean includeUsage) {
    this.model = model;
    this.created = created;
    this.includeUsage = includeUsage;
  }

  @Override
  public void next(Choice choice, Consumer<ObjectNode> out) {
    int index = choice.index();
    if (calls.putIfAbsent(index, 0) == null) {
      out.accept(chunk(index, Json.object().put("role", "assistant").put("content", ""), null));
    }
    if (choice.piece() instanceof Piece.Text text) {
      out.accept(chunk(index, Json.object().put("content", text.text()), null));
    } else if (choice.piece() instanceof Piece.Call call) {
      call(index, call, out);
    } else if (choice.piece() instanceof Piece.Arguments more) {
      arguments(index, more.text(), out);
    } else if (choice.piece() instanceof Piece.End end) {
      tally.add(index, end);
      out.accept(chunk(index, Json.object(), end.reason()));
    }
  }

  @Override
  public void end(Consumer<ObjectNode> out) {
    if (!includeUsage) return;
    var chunk = head("chat.completion.chunk");
    chunk.putArray("choices");
    out.accept(chunk.set("usage", tally.usage()));
  }

  @Override
  public ObjectNode whole(List<Choice> pieces) {
    var answer = head("chat.completion");
    var choices = answer.putArray("choices");
    for (var each : Reply.byChoice(pieces)) {
      var choice = choices.addObject().put("index", choices.size() - 1);
      choice.set("message", message(each));
      choice.putNull("logprobs").put("finish_reason", Reply.end(each).reason());
    }
    return answer.set("usage", Reply.usage(pieces, Parameters.MAX_CHOICES));
  }

  private static ObjectNode message(List<Piece> pieces) {
    var message = Json.object().put("role", "assistant");
    var found = Json.array();
    for (var piece : pieces) {
      if (piece instanceof Piece.Call call) found.add(call(call.name(), call.arguments()));
      else if (piece instanceof Piece.Arguments more) add(more.text(), found);
    }
    var text = Reply.text(pieces);
    message.put("content", text.isBlank() && !found.isEmpty() ? null : text).putNull("refusal");
    return found.isEmpty() ? message : message.set("tool_calls", found);
  }

  private void call(int choice, Piece.Call call, Consumer<ObjectNode> out) {
    int index = calls.merge(choice, 1, Integer::sum) - 1;
    var first = Json.object().put("index", index);
    out.accept(toolDelta(choice, first.setAll(call(call.name(), ""))));
    if (!call.arguments().isEmpty()) arguments(choice, call.arguments(), out);
  }

  private void arguments(int choice, String text, Consumer<ObjectNode> out) {
    var more = Json.object().put("index", calls.get(choice) - 1);
    more.putObject("function").put("arguments", text);
    out.accept(toolDelta(choice, more));
  }

  private static void add(String arguments, ArrayNode calls) {
    var function = (ObjectNode) calls.get(calls.size() - 1).get("function");
    function.put("arguments", function.path("arguments").asText() + arguments);
  }

  private static ObjectNode call(String name, String arguments) {
    var id = "call_" + UUID.randomUUID().toString().replace("-", "").substring(8);
    var call = Json.object().put("id", id).put("type", "function");
    call.putObject("function").put("name", name).put("arguments", arguments);
    return call;
  }

  private ObjectNode toolDelta(int choice, ObjectNode call) {
    var delta = Json.object();
    delta.putArray("tool_calls").add(call);
    return chunk(choice, delta, null);
  }

  private ObjectNode chunk(int index, ObjectNode delta, String finishReason) {
    var chunk = head("chat.completion.chunk");
    var choice = chunk.putArray("choices").addObject().put("index", index);
    choice.set("delta", delta);
    choice.putNull("logprobs").put("finish_reason", finishReason);
    return includeUsage ? chunk.putNull("usage") : chunk;
  }

  private ObjectNode head(String object) {
    return new Head(id, object, created, model).json();
  }
}

package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** A completion of the old kind: text that goes on with a text. */
final class TextReply implements Reply {

  private final Head head;
  private final boolean includeUsage;

  TextReply(String model, long created, boolean includeUsage) {
    head = new Head("cmpl-" + UUID.randomUUID(), "text_completion", created, model);
    this.includeUsage = includeUsage;
  }

  @Override
  public void next(Piece piece, Consumer<ObjectNode> out) {
    if (piece instanceof Piece.Text text) out.accept(chunk(text.text(), null));
    if (!(piece instanceof Piece.End end)) return;
    out.accept(chunk("", end.reason()));
    if (!includeUsage) return;
    var last = head.json();
    last.putArray("choices");
    out.accept(last.set("usage", Reply.usage(end)));
  }

  @Override
  public ObjectNode whole(List<Piece> pieces) {
    var end = Reply.end(pieces);
    return choice(Reply.text(pieces), end.reason()).set("usage", Reply.usage(end));
  }

  private ObjectNode chunk(String text, String finishReason) {
    var chunk = choice(text, finishReason);
    return includeUsage ? chunk.putNull("usage") : chunk;
  }

  private ObjectNode choice(String text, String finishReason) {
    var answer = head.json();
    var choice = answer.putArray("choices").addObject().put("index", 0).put("text", text);
    choice.putNull("logprobs").put("finish_reason", finishReason);
    return answer;
  }
}

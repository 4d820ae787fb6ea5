package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/** A completion of the old kind: text that goes on with a text. */
final class TextReply implements Reply {

  private final Head head;
  private final boolean includeUsage;
  private final int answers;
  private final Tally tally;

  /**
   * @param answers to each prompt
   */
  TextReply(String model, long created, boolean includeUsage, int answers) {
    head = new Head("cmpl-" + UUID.randomUUID(), "text_completion", created, model);
    this.includeUsage = includeUsage;
    this.answers = answers;
    this.tally = new Tally(answers);
  }

  @Override
  public void next(Choice choice, Consumer<ObjectNode> out) {
    if (choice.piece() instanceof Piece.Text text) {
      out.accept(chunk(choice.index(), text.text(), null));
    } else if (choice.piece() instanceof Piece.End end) {
      tally.add(choice.index(), end);
      out.accept(chunk(choice.index(), "", end.reason()));
    }
  }

  @Override
  public void end(Consumer<ObjectNode> out) {
    if (!includeUsage) return;
    var last = head.json();
    last.putArray("choices");
    out.accept(last.set("usage", tally.usage()));
  }

  @Override
  public ObjectNode whole(List<Choice> pieces) {
    var answer = head.json();
    answer.putArray("choices");
    var choices = Reply.byChoice(pieces);
    for (int i = 0; i < choices.size(); i++) {
      add(answer, i, Reply.text(choices.get(i)), Reply.end(choices.get(i)).reason());
    }
    return answer.set("usage", Reply.usage(pieces, answers));
  }

  private ObjectNode chunk(int index, String text, String finishReason) {
    var chunk = head.json();
    add(chunk, index, text, finishReason);
    return includeUsage ? chunk.putNull("usage") : chunk;
  }

  private static void add(ObjectNode answer, int index, String text, String finishReason) {
    var choice = answer.withArray("choices").addObject().put("index", index).put("text", text);
    choice.putNull("logprobs").put("finish_reason", finishReason);
  }
}

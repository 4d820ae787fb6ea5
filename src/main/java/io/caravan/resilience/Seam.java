package io.caravan.resilience;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.streaming.Transformer;
import java.util.function.Consumer;

/**
 * Behind a beginning whose last white space was left out: the target says it again, and the client
 * has it already.
 */
final class Seam implements Transformer<ObjectNode, ObjectNode> {

  private String left;

  Seam(String whitespace) {
    left = whitespace;
  }

  @Override
  public void next(ObjectNode chunk, Consumer<ObjectNode> out) {
    var text = left.isEmpty() ? null : ChunkText.of(chunk);
    if (text != null && !text.isEmpty()) {
      int same = 0;
      while (same < text.length() && same < left.length() && same(text, same)) same++;
      ChunkText.set(chunk, text.substring(same));
      left = same == text.length() ? left.substring(same) : "";
    }
    out.accept(chunk);
  }

  private boolean same(String text, int at) {
    return text.charAt(at) == left.charAt(at);
  }
}

package io.caravan.resilience;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.streaming.Transformer;
import java.util.function.Consumer;

/**
 * An answer that starts afresh, without its beginning that the client has already. One that begins
 * in another way fails: half of one answer and half of another is none.
 */
final class Repetition implements Transformer<ObjectNode, ObjectNode> {

  private final String delivered;
  private final Runnable heard;
  private int matched;

  /**
   * @param heard run whenever a piece of the repetition has come
   */
  Repetition(String delivered, Runnable heard) {
    this.delivered = delivered;
    this.heard = heard;
  }

  @Override
  public void next(ObjectNode chunk, Consumer<ObjectNode> out) {
    if (matched == delivered.length()) {
      out.accept(chunk);
      return;
    }
    var text = ChunkText.of(chunk);
    if (text != null && !text.isEmpty()) match(chunk, text, out);
    else if (Delivered.isContent(chunk)) throw other();
  }

  @Override
  public void end(Consumer<ObjectNode> out) {
    if (matched < delivered.length()) throw other();
  }

  private void match(ObjectNode chunk, String text, Consumer<ObjectNode> out) {
    int length = Math.min(text.length(), delivered.length() - matched);
    if (!delivered.startsWith(text.substring(0, length), matched)) throw other();
    matched += length;
    heard.run();
    var rest = text.substring(length);
    boolean ends = chunk.path("choices").path(0).hasNonNull("finish_reason");
    if (ends && matched < delivered.length()) throw other();
    if (rest.isEmpty() && !ends) return;
    ChunkText.set(chunk, rest);
    out.accept(chunk);
  }

  private static GatewayException other() {
    return new GatewayException.BadAnswer("another answer than the one that had begun");
  }
}

package io.caravan.resilience;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.streaming.Transformer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Behind a beginning that a target was given: one that says the beginning again, instead of going
 * on, has that left out. What could be an echo is held back until it is certain.
 */
final class Echo implements Transformer<ObjectNode, ObjectNode> {

  private final String beginning;
  private final Runnable heard;
  private final List<ObjectNode> held = new ArrayList<>();
  private int matched;
  private boolean certain;

  /**
   * @param heard run whenever a piece of an echo has come
   */
  Echo(String beginning, Runnable heard) {
    this.beginning = beginning;
    this.heard = heard;
  }

  @Override
  public void next(ObjectNode chunk, Consumer<ObjectNode> out) {
    if (!certain && mayBeEcho(chunk)) {
      held.add(chunk);
      return;
    }
    if (matched < beginning.length()) held.forEach(out);
    held.clear();
    certain = true;
    out.accept(chunk);
  }

  @Override
  public void end(Consumer<ObjectNode> out) {
    held.forEach(out);
  }

  /**
   * Whether all so far is the beginning's beginning; its end is cut out of the chunk that has it.
   */
  private boolean mayBeEcho(ObjectNode chunk) {
    var text = ChunkText.of(chunk);
    if (text == null || text.isEmpty()) return !Delivered.isContent(chunk);
    int length = Math.min(text.length(), beginning.length() - matched);
    if (!beginning.startsWith(text.substring(0, length), matched)) return false;
    matched += length;
    heard.run();
    if (matched == beginning.length()) ChunkText.set(chunk, text.substring(length));
    return matched < beginning.length() && !chunk.at("/choices/0").hasNonNull("finish_reason");
  }
}

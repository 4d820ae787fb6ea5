package io.caravan.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** One stream in OpenAI's form, chat or text: each event's data is the chunk. */
final class OpenAiChunks implements Transformer<ServerEvent, ObjectNode> {

  private final Set<Integer> started = new HashSet<>();
  private final Set<Integer> finished = new HashSet<>();
  private boolean done;

  @Override
  public void next(ServerEvent event, Consumer<ObjectNode> out) {
    if (event.data().strip().equals("[DONE]")) {
      done = true;
      return;
    }
    var chunk = Answers.event(event);
    for (var choice : chunk.path("choices")) {
      int index = choice.path("index").asInt();
      started.add(index);
      // LocalAI sends an empty finish_reason in chunks that finish nothing
      if (!choice.path("finish_reason").asText("").isEmpty()) finished.add(index);
    }
    Reasoning.rename(chunk);
    out.accept(chunk);
  }

  @Override
  public boolean done() {
    return done;
  }

  /** Some services close without {@code [DONE]}: complete if each choice has its finish_reason. */
  @Override
  public void end(Consumer<ObjectNode> out) {
    if (!done && (finished.isEmpty() || !finished.containsAll(started))) throw Answers.cutShort();
  }
}

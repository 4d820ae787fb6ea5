package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** One stream in OpenAI's form, chat or text: each event's data is the chunk. */
final class OpenAiChunks implements Transformer<ServerEvent, ObjectNode> {

  private final Set<Integer> started = new HashSet<>();
  private final Set<Integer> finished = new HashSet<>();
  private boolean calls;
  private boolean done;
  private final Garbled garbled = new Garbled();

  @Override
  public void next(ServerEvent event, Consumer<ObjectNode> out) {
    if (event.data().strip().equals("[DONE]")) {
      done = true;
      return;
    }
    ObjectNode chunk;
    try {
      chunk = Answers.event(event);
      for (var choice : chunk.path("choices")) if (!choice.isObject()) throw noChunk();
    } catch (GatewayException.BadAnswer e) {
      if (isSkipped(event)) return;
      throw e;
    }
    for (var choice : chunk.path("choices")) note((ObjectNode) choice);
    Reasoning.rename(chunk);
    out.accept(chunk);
  }

  private void note(ObjectNode choice) {
    int index = choice.path("index").asInt();
    started.add(index);
    // LocalAI sends an empty finish_reason in chunks that finish nothing
    if (Answers.reason(choice.path("finish_reason")).isEmpty()) choice.putNull("finish_reason");
    else finished.add(index);
    JsonNode delta = choice.path("delta");
    calls |= !delta.path("tool_calls").isEmpty() || !delta.path("function_call").isEmpty();
  }

  @Override
  public boolean done() {
    return done;
  }

  /**
   * Each choice must have its finish_reason, with {@code [DONE]} behind it or, as some, without.
   */
  @Override
  public void end(Consumer<ObjectNode> out) {
    if (!isFinished()) throw Answers.cutShort();
  }

  /** A connection that breaks behind the last word has lost nothing, but for an error told. */
  @Override
  public void fail(Throwable cause, Consumer<ObjectNode> out) {
    boolean told = cause instanceof GatewayException.UpstreamFailed;
    if (told || !isFinished()) Transformer.super.fail(cause, out);
  }

  private boolean isFinished() {
    return !finished.isEmpty() && finished.containsAll(started);
  }

  /** Nothing that must be whole may have been in an event that is passed over. */
  private boolean isSkipped(ServerEvent event) {
    boolean inCall = event.data().contains("tool_calls") || event.data().contains("arguments");
    return !started.isEmpty() && !calls && !inCall && garbled.maySkip(event);
  }

  private static GatewayException.BadAnswer noChunk() {
    return new GatewayException.BadAnswer("a choice that is not a JSON object");
  }
}

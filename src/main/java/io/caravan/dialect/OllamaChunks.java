package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.ArrayList;
import java.util.function.Consumer;

/** One stream of Ollama's: each line has some of the message, the last one says {@code done}. */
final class OllamaChunks implements Transformer<ServerEvent, ObjectNode> {

  private Chunks chunks;
  private final Garbled garbled = new Garbled();
  private int calls;
  private boolean said;
  private boolean done;

  @Override
  public void next(ServerEvent event, Consumer<ObjectNode> out) {
    ObjectNode line;
    try {
      line = Answers.event(event);
    } catch (BadAnswer e) {
      if (isSkipped(event)) return;
      throw e;
    }
    read(line, out);
  }

  /** Nothing that must be whole may have been in a line that is passed over. */
  private boolean isSkipped(ServerEvent event) {
    boolean inCall = calls > 0 || event.data().contains("tool_calls");
    return chunks != null && !inCall && garbled.maySkip(event);
  }

  private void read(ObjectNode line, Consumer<ObjectNode> out) {
    if (chunks == null) {
      chunks = new Chunks(OllamaDialect.head(line), 0);
      out.accept(chunks.role());
    }
    parts(line, out);
    if (!line.path("done").asBoolean()) return;
    var reason = OllamaDialect.finishReason(line, said || calls > 0, calls > 0);
    done = true;
    out.accept(chunks.finish(reason));
    out.accept(chunks.usage(OllamaDialect.usage(line)));
  }

  @Override
  public boolean done() {
    return done;
  }

  @Override
  public void end(Consumer<ObjectNode> out) {
    if (!done) throw Answers.cutShort();
  }

  /** A token that is held back, or belongs to a tool call, has its likelihood all the same. */
  private void parts(JsonNode line, Consumer<ObjectNode> out) {
    if (!OllamaLogprobs.has(line)) {
      message(line, out);
      return;
    }
    var parts = new ArrayList<ObjectNode>();
    message(line, parts::add);
    if (parts.isEmpty()) parts.add(chunks.content(""));
    OllamaLogprobs.put(line, parts.get(0));
    parts.forEach(out);
  }

  private void message(JsonNode line, Consumer<ObjectNode> out) {
    JsonNode message = line.path("message");
    var thinking = message.path("thinking").asText("");
    if (!thinking.isEmpty()) out.accept(chunks.reasoning(thinking));
    var content = message.path("content").asText("");
    if (!content.isEmpty()) out.accept(chunks.content(content));
    said |= !thinking.isEmpty() || !content.isEmpty();
    for (var call : message.path("tool_calls")) {
      var whole = OllamaDialect.call(line, call, calls);
      JsonNode function = whole.path("function");
      out.accept(chunks.call(calls, whole.path("id").asText(), function.path("name").asText()));
      out.accept(chunks.arguments(calls, function.path("arguments").asText()));
      calls++;
    }
  }
}

package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.json.Json;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One stream of Anthropic's. Its blocks are numbered through; OpenAI numbers only tool calls.
 *
 * @see <a href="https://platform.claude.com/docs/en/build-with-claude/streaming">Streaming</a>
 */
final class AnthropicChunks implements Transformer<ServerEvent, ObjectNode> {

  private final Map<Integer, Integer> callOfBlock = new HashMap<>();
  private final ObjectNode usage = Json.object();
  private Chunks chunks = new Chunks(Json.object(), 0);
  private final Garbled garbled = new Garbled();
  private JsonNode unsentInput;
  private boolean inText;
  private boolean begun;
  private boolean finished;
  private boolean stopped;

  @Override
  public void next(ServerEvent event, Consumer<ObjectNode> out) {
    ObjectNode data;
    try {
      data = Answers.event(event);
    } catch (BadAnswer e) {
      if (isSkipped(event)) return;
      throw e;
    }
    read(data, out);
  }

  private void read(ObjectNode data, Consumer<ObjectNode> out) {
    switch (data.path("type").asText()) {
      case "message_start" -> start(data.path("message"), out);
      case "content_block_start" -> block(data, out);
      case "content_block_delta" -> delta(data, out);
      case "content_block_stop" -> blockStop(out);
      case "message_delta" -> messageDelta(data, out);
      case "message_stop" -> stop(out);
      default -> {} // ping, and events yet to be invented
    }
  }

  /** Nothing that must be whole may have been in an event that is passed over: only text. */
  private boolean isSkipped(ServerEvent event) {
    boolean delta = (event.name() + event.data()).contains("content_block_delta");
    boolean text =
        inText && delta || event.data().contains("text_delta") || "ping".equals(event.name());
    return begun && text && !event.data().contains("partial_json") && garbled.maySkip(event);
  }

  @Override
  public boolean done() {
    return stopped;
  }

  /** A proxy may leave {@code message_stop} out; the answer is whole with its stop reason. */
  @Override
  public void end(Consumer<ObjectNode> out) {
    if (!stopped) stop(out);
  }

  /** A connection that breaks behind the stop reason has lost nothing, but for an error told. */
  @Override
  public void fail(Throwable cause, Consumer<ObjectNode> out) {
    boolean told = cause instanceof UpstreamFailed;
    if (told || !finished) Transformer.super.fail(cause, out);
    else if (!stopped) stop(out);
  }

  private void start(JsonNode message, Consumer<ObjectNode> out) {
    chunks = new Chunks(AnthropicDialect.head(message), 0);
    keepUsage(message.path("usage"));
    out.accept(chunks.role());
  }

  private void block(JsonNode data, Consumer<ObjectNode> out) {
    JsonNode block = data.path("content_block");
    inText = block.path("type").asText().equals("text");
    switch (block.path("type").asText()) {
      case "text" -> say(block.path("text"), chunks::content, out);
      case "thinking" -> say(block.path("thinking"), chunks::reasoning, out);
      case "tool_use" -> call(data.path("index").asInt(), block, out);
      default -> {} // redacted thinking, and what a server runs by itself
    }
  }

  private void call(int index, JsonNode block, Consumer<ObjectNode> out) {
    int call = callOfBlock.size();
    callOfBlock.put(index, call);
    out.accept(chunks.call(call, block.path("id").asText(), block.path("name").asText()));
    unsentInput = block.path("input");
  }

  /**
   * A call without arguments has no deltas but empty ones, and OpenAI's clients parse what they
   * got: so they get the input that the block began with, which is {@code {}}.
   */
  private void blockStop(Consumer<ObjectNode> out) {
    inText = false;
    if (unsentInput == null) return;
    var arguments = unsentInput.isObject() ? Json.text(unsentInput) : "{}";
    out.accept(chunks.arguments(callOfBlock.size() - 1, arguments));
    unsentInput = null;
  }

  private void delta(JsonNode data, Consumer<ObjectNode> out) {
    begun = true;
    JsonNode delta = data.path("delta");
    switch (delta.path("type").asText()) {
      case "text_delta" -> say(delta.path("text"), chunks::content, out);
      case "thinking_delta" -> say(delta.path("thinking"), chunks::reasoning, out);
      case "input_json_delta" -> arguments(data.path("index").asInt(), delta, out);
      default -> {} // signatures and citations have no place in OpenAI's form
    }
  }

  private void say(JsonNode text, Function<String, ObjectNode> as, Consumer<ObjectNode> out) {
    if (text.asText("").isEmpty()) return;
    begun = true;
    out.accept(as.apply(text.asText()));
  }

  private void arguments(int block, JsonNode delta, Consumer<ObjectNode> out) {
    var piece = delta.path("partial_json").asText();
    if (piece.isEmpty() || !callOfBlock.containsKey(block)) return;
    unsentInput = null;
    out.accept(chunks.arguments(callOfBlock.get(block), piece));
  }

  private void messageDelta(JsonNode data, Consumer<ObjectNode> out) {
    keepUsage(data.path("usage"));
    JsonNode reason = data.path("delta").path("stop_reason");
    if (reason.asText("").isEmpty()) return;
    out.accept(chunks.finish(AnthropicDialect.finishReason(reason)));
    finished = true;
  }

  private void stop(Consumer<ObjectNode> out) {
    if (!finished) throw Answers.cutShort();
    stopped = true;
    if (!usage.isEmpty()) out.accept(chunks.usage(AnthropicDialect.usage(usage)));
  }

  /** Counts are cumulative and may be told again: the last one holds. */
  private void keepUsage(JsonNode told) {
    for (var count : told.properties()) {
      if (count.getValue().isIntegralNumber()) usage.set(count.getKey(), count.getValue());
    }
  }
}

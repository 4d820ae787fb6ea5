package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.streaming.Transformer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Makes any stream of chunks, chat or text, one that OpenAI's clients accept: the same id, time and
 * model in all of them, each choice's role first and once, usage last and only if asked for. Fields
 * that OpenAI does not know stay. The chunks are changed in place: each was made for this stream.
 *
 * <p>The official clients fail without the role, or on a chunk with empty {@code choices} that they
 * did not ask for ({@code stream_options.include_usage}).
 */
public final class ChunkFrame implements Transformer<ObjectNode, ObjectNode> {

  private final AnswerStamp fallback;
  private final boolean includeUsage;
  private final boolean usageSoFar;
  private final Map<Integer, ToolCallFrame> choices = new HashMap<>();
  private AnswerStamp stamp;
  private ObjectNode usageChunk;

  /**
   * @param stamp the kind and model, and an id and time for a service that tells none
   * @param includeUsage whether the client asked for the usage chunk
   * @param usageSoFar whether it asked for the usage so far in each chunk, which vLLM can tell
   */
  public ChunkFrame(AnswerStamp stamp, boolean includeUsage, boolean usageSoFar) {
    this.fallback = stamp;
    this.includeUsage = includeUsage;
    this.usageSoFar = includeUsage && usageSoFar;
  }

  @Override
  public void next(ObjectNode chunk, Consumer<ObjectNode> out) {
    holdUsage(chunk);
    // Azure begins with a chunk of filter results that belongs to no choice and has no id
    if (chunk.path("choices").isEmpty()) return;
    if (stamp == null) stamp = fallback.keeping(chunk);
    for (var choice : chunk.path("choices")) {
      if (!(choice instanceof ObjectNode object)) continue;
      if (fallback.kind() == CompletionKind.CHAT && lacksRole(choice)) out.accept(role(choice));
      frame(object);
    }
    out.accept(stamped(chunk));
  }

  /** The usage belongs behind all choices, and behind usage so far (vLLM) stands more usage. */
  @Override
  public void end(Consumer<ObjectNode> out) {
    if (includeUsage && usageChunk != null) {
      out.accept((stamp == null ? fallback.keeping(usageChunk) : stamp).chunk(usageChunk));
    }
  }

  private void holdUsage(ObjectNode chunk) {
    if (!chunk.path("usage").isObject()) return;
    usageChunk = chunk.path("choices").isEmpty() ? Json.shallowCopy(chunk) : Json.object();
    usageChunk.putArray("choices");
    usageChunk.set("usage", chunk.get("usage"));
  }

  private ObjectNode stamped(ObjectNode chunk) {
    if (usageSoFar && chunk.path("usage").isObject()) return stamp.chunk(chunk);
    chunk.remove("usage");
    if (includeUsage) chunk.putNull("usage");
    return stamp.chunk(chunk);
  }

  private boolean lacksRole(JsonNode choice) {
    return !choices.containsKey(choice.path("index").asInt())
        && !choice.path("delta").hasNonNull("role");
  }

  private ObjectNode role(JsonNode choice) {
    return stamped(new Chunks(Json.object(), choice.path("index").asInt()).role());
  }

  private void frame(ObjectNode choice) {
    int index = choice.path("index").asInt();
    if (!choice.has("index")) choice.put("index", index);
    if (!choice.hasNonNull("finish_reason")) choice.putNull("finish_reason");
    if (fallback.kind() == CompletionKind.TEXT) return;
    boolean first = !choices.containsKey(index);
    var calls = choices.computeIfAbsent(index, any -> new ToolCallFrame(stamp.id() + '/' + index));
    if (!(choice.path("delta") instanceof ObjectNode)) choice.putObject("delta");
    delta((ObjectNode) choice.path("delta"), first, calls);
    if (calls.hasCalls()) ToolCalls.ended(choice);
  }

  private static void delta(ObjectNode delta, boolean first, ToolCallFrame calls) {
    if (!first || !delta.hasNonNull("role")) delta.remove("role");
    if (delta.has("role")) {
      delta.put("role", "assistant");
      if (comesAlone(delta)) delta.put("content", "");
    }
    if (delta.path("tool_calls").isArray()) {
      delta.set("tool_calls", calls.frame(delta.get("tool_calls")));
    }
  }

  /** Beside a call or a refusal OpenAI itself sends a content of null. */
  private static boolean comesAlone(ObjectNode role) {
    return !role.hasNonNull("content")
        && !role.hasNonNull("refusal")
        && !role.hasNonNull("function_call")
        && role.path("tool_calls").isEmpty();
  }
}

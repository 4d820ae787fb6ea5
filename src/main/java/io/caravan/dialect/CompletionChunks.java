package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * A whole answer as the chunks that its stream would have had: for services that cannot stream
 * (GPT4All), and for those that answer whole though a stream was asked for.
 */
public final class CompletionChunks {

  private final ObjectNode head;
  private final List<ObjectNode> out = new ArrayList<>();

  private CompletionChunks(ObjectNode completion) {
    head = Json.shallowCopy(completion).remove(List.of("object", "choices", "usage"));
  }

  /** The chunks of an OpenAI {@code chat.completion} or {@code text_completion}, in order. */
  public static List<ObjectNode> of(ObjectNode completion) {
    var chunks = new CompletionChunks(completion);
    boolean text = completion.path("object").asText().equals(CompletionKind.TEXT.whole());
    for (var choice : completion.path("choices")) {
      if (text) chunks.text(choice);
      else chunks.chat(choice);
    }
    if (completion.path("usage").isObject()) {
      var usage = new Chunks(chunks.head, 0).usage(completion.get("usage"));
      chunks.out.add(text ? usage.put("object", CompletionKind.TEXT.chunk()) : usage);
    }
    return chunks.out;
  }

  private void chat(JsonNode choice) {
    var chunks = new Chunks(head, choice.path("index").asInt());
    JsonNode message = choice.path("message");
    out.add(chunks.role());
    if (!Reasoning.of(message).isEmpty()) out.add(chunks.reasoning(Reasoning.of(message)));
    content(chunks, message.path("content").asText(""), choice.path("logprobs"));
    if (message.hasNonNull("refusal")) {
      out.add(chunks.delta(Json.object().set("refusal", message.get("refusal"))));
    }
    calls(chunks, message.path("tool_calls"));
    out.add(chunks.finish(finishReason(choice)));
  }

  private void content(Chunks chunks, String text, JsonNode logprobs) {
    if (text.isEmpty()) return;
    var chunk = chunks.content(text);
    if (logprobs.isObject()) ((ObjectNode) chunk.at("/choices/0")).set("logprobs", logprobs);
    out.add(chunk);
  }

  private void calls(Chunks chunks, JsonNode calls) {
    int index = 0;
    for (var call : calls) {
      JsonNode function = call.path("function");
      out.add(chunks.call(index, call.path("id").asText(), function.path("name").asText()));
      var arguments = ToolCalls.arguments(function.path("arguments"));
      if (arguments != null && !arguments.isEmpty()) out.add(chunks.arguments(index, arguments));
      index++;
    }
  }

  private void text(JsonNode choice) {
    out.add(textChunk(Json.shallowCopy((ObjectNode) choice).putNull("finish_reason")));
    var finish = Json.object().put("index", choice.path("index").asInt()).put("text", "");
    out.add(textChunk(finish.putNull("logprobs").put("finish_reason", finishReason(choice))));
  }

  private ObjectNode textChunk(ObjectNode choice) {
    ObjectNode chunk = Json.object().put("object", CompletionKind.TEXT.chunk()).setAll(head);
    chunk.putArray("choices").add(choice);
    return chunk;
  }

  /** The answer is whole, so a service that names no reason did stop. */
  private static String finishReason(JsonNode choice) {
    var given = choice.path("finish_reason").asText("");
    if (!given.isEmpty()) return given;
    return choice.at("/message/tool_calls").isEmpty() ? "stop" : "tool_calls";
  }
}

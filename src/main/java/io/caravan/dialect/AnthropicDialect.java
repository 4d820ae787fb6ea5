package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.ArrayList;
import java.util.List;

/**
 * Anthropic's Messages API, version 2023-06-01. It rejects fields that it does not know, so only
 * known ones are sent.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages">Messages</a>
 */
public final class AnthropicDialect implements Dialect {

  @Override
  public ObjectNode toProvider(ObjectNode chat) {
    var out = Json.object();
    Json.copy(chat, "model", out, "model");
    AnthropicLimits.put(chat, out);
    AnthropicMessages.put(chat.path("messages"), out);
    var stop = Json.texts(chat.path("stop"));
    if (!stop.isEmpty()) stop.forEach(out.putArray("stop_sequences")::add);
    Json.copy(chat, "stream", out, "stream");
    AnthropicTools.put(chat, out);
    if (chat.hasNonNull("user")) out.putObject("metadata").set("user_id", chat.get("user"));
    format(chat.path("response_format"), out);
    return out;
  }

  /**
   * The parameters that are left out, with those that Anthropic takes, but not beside each other.
   *
   * @param sent what {@link #toProvider} made of the chat
   * @param before those that were left out before
   */
  public List<String> dropped(ObjectNode chat, ObjectNode sent, List<String> before) {
    var all = new ArrayList<>(before);
    all.addAll(AnthropicLimits.dropped(chat, sent));
    return all;
  }

  private static void format(JsonNode format, ObjectNode out) {
    var type = format.path("type").asText();
    if (type.isEmpty() || type.equals("text")) return;
    JsonNode schema = format.path("json_schema").path("schema");
    if (!type.equals("json_schema") || !schema.isObject()) {
      throw new InvalidRequest(
          "Anthropic takes only a 'json_schema' with its 'schema': send one, or ask for the form in the prompt.",
          "response_format",
          "unsupported_parameter");
    }
    var wanted = out.putObject("output_config").putObject("format").put("type", type);
    wanted.set("schema", schema);
  }

  @Override
  public ObjectNode toCompletion(JsonNode answer) {
    var message = Answers.whole(answer);
    if (!message.path("content").isArray()) throw new BadAnswer("an answer without `content`");
    var text = new StringBuilder();
    var thinking = new StringBuilder();
    var calls = Json.array();
    for (var block : message.path("content")) {
      switch (block.path("type").asText()) {
        case "text" -> text.append(block.path("text").asText());
        case "thinking" -> thinking.append(block.path("thinking").asText());
        case "tool_use" -> calls.add(AnthropicTools.toCall(block));
        default -> {} // redacted thinking, and what a server ran by itself
      }
    }
    return Completions.completion(
        head(message),
        Completions.message(text.toString(), thinking.toString(), calls),
        finishReason(message.path("stop_reason")),
        usage(message.path("usage")));
  }

  @Override
  public Transformer<ServerEvent, ObjectNode> chunks() {
    return new AnthropicChunks();
  }

  @Override
  public ArrayNode toModels(JsonNode answer) {
    var models = Json.array();
    for (var entry : Answers.list(answer, "data")) {
      if (!entry.path("id").isTextual()) continue;
      var model = Models.model(entry.path("id").asText());
      Models.putCreated(model, entry.path("created_at"));
      models.add(model.put("owned_by", "anthropic"));
    }
    return models;
  }

  /** What a message says of itself; it does not tell when it was created. */
  static ObjectNode head(JsonNode message) {
    var head = Json.object();
    Json.copy(message, "id", head, "id");
    Json.copy(message, "model", head, "model");
    return head;
  }

  /** It is null only as long as an answer is not finished. */
  static String finishReason(JsonNode stopReason) {
    return switch (Answers.reason(stopReason)) {
      case "" -> throw Answers.unfinished();
      case "max_tokens", "model_context_window_exceeded" -> "length";
      case "tool_use" -> "tool_calls";
      case "refusal" -> "content_filter";
      default -> "stop"; // end_turn, stop_sequence, pause_turn, and reasons yet to be invented
    };
  }

  /** OpenAI counts the tokens read from or written to a cache as prompt, Anthropic beside it. */
  static ObjectNode usage(JsonNode usage) {
    long cached = usage.path("cache_read_input_tokens").asLong();
    long prompt =
        usage.path("input_tokens").asLong()
            + usage.path("cache_creation_input_tokens").asLong()
            + cached;
    var out = Completions.usage(prompt, usage.path("output_tokens").asLong());
    if (usage.hasNonNull("cache_read_input_tokens")) {
      out.putObject("prompt_tokens_details").put("cached_tokens", cached);
    }
    return out;
  }
}

package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;

/**
 * Ollama's own chat, {@code POST /api/chat}.
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api.md">API</a>
 */
public final class OllamaDialect implements Dialect {

  private static final String LATEST = ":latest";

  @Override
  public ObjectNode toProvider(ObjectNode chat) {
    var out = Json.object();
    Json.copy(chat, "model", out, "model");
    out.set("messages", OllamaMessages.of(chat.path("messages")));
    forced(chat.path("tool_choice"));
    // Ollama knows no tool_choice, but a tool that it is not told of is not called
    if (!chat.path("tool_choice").asText().equals("none")) Json.copy(chat, "tools", out, "tools");
    out.put("stream", chat.path("stream").asBoolean()); // absent would mean true
    OllamaOptions.put(chat, out);
    return out;
  }

  private static void forced(JsonNode choice) {
    if (choice.isObject() || choice.asText().equals("required")) {
      throw new InvalidRequest(
          "Ollama cannot be made to call a tool: leave 'tool_choice' out or set it to 'auto'.",
          "tool_choice",
          "unsupported_parameter");
    }
  }

  @Override
  public ObjectNode toCompletion(JsonNode answer) {
    return OllamaLogprobs.put(answer, completion(answer));
  }

  private static ObjectNode completion(JsonNode answer) {
    var whole = Answers.whole(answer);
    JsonNode message = whole.path("message");
    if (!message.isObject()) throw new BadAnswer("an answer without a `message`");
    if (!whole.path("done").asBoolean()) throw Answers.unfinished();
    var calls = Json.array();
    for (var call : message.path("tool_calls")) calls.add(call(whole, call, calls.size()));
    var content = message.path("content").asText("");
    var thinking = message.path("thinking").asText("");
    boolean said = !content.isEmpty() || !thinking.isEmpty() || !calls.isEmpty();
    return Completions.completion(
        head(whole),
        Completions.message(content, thinking, calls),
        finishReason(whole, said, !calls.isEmpty()),
        usage(whole));
  }

  @Override
  public Transformer<ServerEvent, ObjectNode> chunks() {
    return new OllamaChunks();
  }

  @Override
  public ArrayNode toModels(JsonNode answer) {
    var models = Json.array();
    for (var entry : Answers.list(answer, "models")) {
      JsonNode name = entry.path(entry.hasNonNull("name") ? "name" : "model");
      if (!name.isTextual()) continue;
      var model = Models.model(name.asText());
      Models.putCreated(model, entry.path("modified_at"));
      // Ollama takes a name without a tag for the latest
      var latest = name.asText().endsWith(LATEST);
      if (latest) model.putArray("aliases").add(name.asText().replaceFirst(LATEST + "$", ""));
      models.add(OllamaModels.listed(entry, model.put("owned_by", "library")));
    }
    return models;
  }

  static ObjectNode head(JsonNode answer) {
    var head = Json.object();
    Models.putCreated(head, answer.path("created_at"));
    Json.copy(answer, "model", head, "model");
    return head;
  }

  /** A call in OpenAI's form, with an id if Ollama gave none. */
  static ObjectNode call(JsonNode answer, JsonNode call, int index) {
    JsonNode function = call.path("function");
    JsonNode arguments = function.path("arguments");
    var id = call.path("id").asText("");
    return Completions.call(
        id.isEmpty() ? OllamaCallId.of(answer, call, index) : id,
        function.path("name").asText(),
        arguments.isObject() ? Json.text(arguments) : "{}");
  }

  /**
   * Ollama says {@code stop} behind tool calls as well. Older versions give no reason: where
   * nothing was said either, it is no answer. An empty one stands for a connection that was closed.
   *
   * @see <a href="https://github.com/ollama/ollama/blob/main/llm/server.go">DoneReason</a>
   */
  static String finishReason(JsonNode answer, boolean said, boolean toolsCalled) {
    var reason = Answers.reason(answer.path("done_reason"));
    boolean told = answer.hasNonNull("done_reason");
    if (reason.isEmpty() && (told || !said)) throw Answers.unfinished();
    if (toolsCalled) return "tool_calls";
    return reason.equals("length") ? "length" : "stop";
  }

  /** Ollama leaves a counter out where it is 0, such as that of a prompt found in its cache. */
  static ObjectNode usage(JsonNode answer) {
    return Completions.usage(
        answer.path("prompt_eval_count").asLong(), answer.path("eval_count").asLong());
  }
}

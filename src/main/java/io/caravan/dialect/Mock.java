package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.streaming.ListStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A service that needs nothing: it repeats the last message word by word, counts words as tokens,
 * and embeds by hashing words. The same request always has the same answer.
 */
public final class Mock {

  private static final int DIMENSIONS = 16;

  /** Answers a chat, as a completion or as a stream of chunks. */
  public Object chat(ObjectNode request) {
    var messages = request.path("messages");
    var text = Contents.text(messages.path(messages.size() - 1).path("content"));
    var words = words(text, request);
    var completion = Json.object().put("object", CompletionKind.CHAT.whole());
    var choice = completion.putArray("choices").addObject().put("index", 0);
    var message = choice.putObject("message").put("role", "assistant");
    message.put("content", String.join("", words)).putNull("refusal");
    choice.putNull("logprobs").put("finish_reason", reason(words, text));
    completion.set("usage", usage(messages.toString(), words.size()));
    if (!request.path("stream").asBoolean(false)) return completion;
    var chunks = new ArrayList<ObjectNode>();
    var chunk = new Chunks(Json.object(), 0);
    chunks.add(chunk.role());
    words.forEach(word -> chunks.add(chunk.content(word)));
    chunks.add(chunk.finish(reason(words, text)));
    chunks.add(chunk.usage(completion.get("usage")));
    return new ListStream<>(chunks);
  }

  /** Answers a text completion; a stream is made of it later. */
  public ObjectNode completions(ObjectNode request) {
    var prompt = request.path("prompt");
    var text = prompt.isTextual() ? prompt.asText() : prompt.toString();
    var words = words(text, request);
    var completion = Json.object().put("object", CompletionKind.TEXT.whole());
    completion
        .putArray("choices")
        .addObject()
        .put("text", String.join("", words))
        .put("index", 0)
        .putNull("logprobs")
        .put("finish_reason", reason(words, text));
    completion.set("usage", usage(text, words.size()));
    return completion;
  }

  /**
   * Answers embeddings: equal texts have equal vectors, texts with words in common similar ones.
   */
  public ObjectNode embeddings(ObjectNode request) {
    var list = Json.object().put("object", "list");
    var data = list.putArray("data");
    var input = request.path("input");
    boolean single = input.isTextual() || input.path(0).isNumber();
    var items = single ? List.of(input) : children(input);
    int tokens = 0;
    for (var item : items) {
      var text = item.isTextual() ? item.asText() : item.toString();
      tokens += split(text).size();
      var entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      entry.set("embedding", vector(text));
    }
    list.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    return list;
  }

  /** The one model there is. */
  public ArrayNode models() {
    return Json.array().add(Models.model("echo").put("created", 0).put("owned_by", "mock"));
  }

  private static List<String> words(String text, ObjectNode request) {
    var limit = request.path("max_completion_tokens");
    if (!limit.isNumber()) limit = request.path("max_tokens");
    var words = split(text);
    return limit.isNumber() && limit.asDouble() < words.size()
        ? words.subList(0, limit.asInt())
        : words;
  }

  private static String reason(List<String> words, String text) {
    return words.size() < split(text).size() ? "length" : "stop";
  }

  private static ObjectNode usage(String prompt, int completion) {
    return Completions.usage(split(prompt).size(), completion);
  }

  private static List<String> split(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("(?<=\\s)(?=\\S)"));
  }

  private static ArrayNode vector(String text) {
    var sums = new double[DIMENSIONS];
    for (var word : split(text.toLowerCase(Locale.ROOT))) {
      sums[Math.floorMod(word.strip().hashCode(), DIMENSIONS)]++;
    }
    double length = 0;
    for (double sum : sums) length += sum * sum;
    var vector = Json.array();
    for (double sum : sums) vector.add(length == 0 ? 0 : (float) (sum / Math.sqrt(length)));
    return vector;
  }

  private static List<JsonNode> children(JsonNode array) {
    var items = new ArrayList<JsonNode>();
    array.forEach(items::add);
    return items;
  }
}

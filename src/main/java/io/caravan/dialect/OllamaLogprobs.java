package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/**
 * Ollama's list of tokens and their likelihoods in OpenAI's form. Ollama before 0.12.11 has none.
 */
final class OllamaLogprobs {

  private OllamaLogprobs() {}

  /** Whether an answer, or a line of one, has any. */
  static boolean has(JsonNode answer) {
    return answer.path("logprobs").isArray() && !answer.path("logprobs").isEmpty();
  }

  /** Gives the only choice of a completion or a chunk those of an answer, or of a line of it. */
  static ObjectNode put(JsonNode answer, ObjectNode to) {
    if (!has(answer)) return to;
    var logprobs = Json.object();
    var content = logprobs.putArray("content");
    for (var given : answer.path("logprobs")) {
      var token = token(given);
      var top = token.putArray("top_logprobs");
      given.path("top_logprobs").forEach(other -> top.add(token(other)));
      content.add(token);
    }
    ((ObjectNode) to.at("/choices/0")).set("logprobs", logprobs.putNull("refusal"));
    return to;
  }

  /** OpenAI's clients want {@code bytes}, or null for them; Ollama leaves out what it has not. */
  private static ObjectNode token(JsonNode from) {
    var out = Json.object();
    Json.copy(from, "token", out, "token");
    Json.copy(from, "logprob", out, "logprob");
    out.set("bytes", from.get("bytes"));
    return out;
  }
}

package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.List;

/**
 * Ollama's own embeddings, {@code POST /api/embed}.
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api.md">API</a>
 */
public final class OllamaEmbeddings {

  private static final List<String> SENT =
      List.of("model", "dimensions", "truncate", "keep_alive", "options");

  /** An OpenAI embeddings request in Ollama's form. */
  public ObjectNode toProvider(ObjectNode request) {
    var out = Json.object();
    for (var name : SENT) Json.copy(request, name, out, name);
    return out.set("input", input(request.path("input")));
  }

  /** Ollama's answer as OpenAI's list, with numbers; {@link Embeddings} encodes them as asked. */
  public ObjectNode toOpenAi(JsonNode answer) {
    var out = Json.object().put("object", "list");
    var data = out.putArray("data");
    for (var vector : Answers.list(answer, "embeddings")) {
      var entry = Json.object().put("object", "embedding").put("index", data.size());
      data.add(entry.<ObjectNode>set("embedding", vector));
    }
    Json.copy(answer, "model", out, "model");
    long prompt = answer.path("prompt_eval_count").asLong();
    out.putObject("usage").put("prompt_tokens", prompt).put("total_tokens", prompt);
    return out;
  }

  private static JsonNode input(JsonNode input) {
    if (input.isMissingNode() || input.isNull()) {
      throw invalid("`input` is missing.", "missing_required_parameter");
    }
    if (input.isTextual()) return input;
    boolean texts = input.isArray();
    for (var item : input) texts &= item.isTextual();
    if (texts) return input;
    throw invalid("Ollama embeds text only: `input` must be a string or a list of strings.", null);
  }

  private static InvalidRequest invalid(String message, String code) {
    return new InvalidRequest(message, "input", code);
  }
}

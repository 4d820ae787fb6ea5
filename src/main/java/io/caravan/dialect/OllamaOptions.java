package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.List;

/** How Ollama shall answer: sampling, limits, format, thinking. */
final class OllamaOptions {

  private static final List<String> SAME_NAME =
      List.of(
          "temperature",
          "top_p",
          "seed",
          "presence_penalty",
          "frequency_penalty",
          "num_ctx",
          "num_keep",
          "top_k",
          "min_p",
          "typical_p",
          "repeat_penalty",
          "repeat_last_n",
          "mirostat",
          "mirostat_tau",
          "mirostat_eta");

  /** Fields beside the options: those that OpenAI has too, and Ollama's own. */
  private static final List<String> BESIDE =
      List.of("logprobs", "top_logprobs", "keep_alive", "format", "think", "truncate");

  private OllamaOptions() {}

  /** Sets {@code options}, {@code format}, {@code think} and what the client gave natively. */
  static void put(ObjectNode chat, ObjectNode out) {
    for (var name : BESIDE) Json.copy(chat, name, out, name);
    var options = options(chat);
    if (!options.isEmpty()) out.set("options", options);
    format(chat.path("response_format"), out);
    if (chat.hasNonNull("reasoning_effort")) think(chat.get("reasoning_effort").asText(), out);
  }

  private static void format(JsonNode format, ObjectNode out) {
    switch (format.path("type").asText()) {
      case "json_object" -> out.put("format", "json");
      case "json_schema" -> {
        JsonNode schema = format.path("json_schema").path("schema");
        if (!schema.isObject()) throw noSchema();
        out.set("format", schema);
      }
      case "", "text" -> {}
      default -> throw Contents.refused("Ollama", format.path("type"), "response_format.type");
    }
  }

  private static InvalidRequest noSchema() {
    return new InvalidRequest(
        "`response_format.json_schema.schema` must be an object: send one, or ask for `json_object`.",
        "response_format",
        null);
  }

  private static ObjectNode options(ObjectNode chat) {
    var options = Json.object();
    if (chat.path("options") instanceof ObjectNode given) options.setAll(given);
    for (var name : SAME_NAME) Json.copy(chat, name, options, name);
    Json.copy(chat, "max_tokens", options, "num_predict");
    Json.copy(chat, "max_completion_tokens", options, "num_predict");
    var stop = Json.texts(chat.path("stop"));
    if (!stop.isEmpty()) stop.forEach(options.putArray("stop")::add); // a lone string is refused
    return options;
  }

  /** As Ollama's own OpenAI endpoint has it (openai.go, thinkFromReasoningEffort). */
  private static void think(String effort, ObjectNode out) {
    switch (effort) {
      case "none" -> out.put("think", false);
      case "minimal" -> out.put("think", "low");
      case "xhigh", "ultra" -> out.put("think", "max");
      default -> out.put("think", effort);
    }
  }
}

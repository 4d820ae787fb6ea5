package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.Locale;
import java.util.Map;

/**
 * What services add to the entries of OpenAI's model list: vLLM {@code max_model_len}, llama.cpp
 * {@code meta} and {@code status}, hosts such as OpenRouter, Mistral and Groq their context and
 * what a model takes.
 */
final class OpenAiModels {

  private static final String[] CONTEXT = {
    "max_model_len", "context_length", "max_context_length", "context_window"
  };

  /** llama.cpp's router: https://github.com/ggml-org/llama.cpp/tree/master/tools/server */
  private static final Map<String, String> STATES =
      Map.of(
          "unloaded",
          "not loaded",
          "loaded",
          "loaded",
          "loading",
          "loading",
          "sleeping",
          "sleeping",
          "downloading",
          "downloading");

  private OpenAiModels() {}

  static ObjectNode add(JsonNode entry, ObjectNode model) {
    for (var name : CONTEXT) {
      if (entry.path(name).asLong() > 0) model.put("max_tokens", entry.path(name).asLong());
    }
    Json.copy(entry, "description", model, "description");
    meta(entry.path("meta"), model);
    takes(entry, model);
    state(entry.path("status"), model);
    var id = entry.path("id").asText();
    if (id.endsWith(".gguf") && id.contains("/")) model.put("is_gguf", true).put("file_path", id);
    return model;
  }

  private static void meta(JsonNode meta, ObjectNode model) {
    if (!meta.isObject()) return;
    if (meta.path("n_ctx_train").asLong() > 0) model.set("max_tokens", meta.get("n_ctx_train"));
    Json.copy(meta, "size", model, "size");
    if (meta.path("n_params").asDouble() > 0) {
      model.put("parameters", billions(meta.path("n_params").asDouble()));
    }
    model.put("is_gguf", true);
  }

  private static void takes(JsonNode entry, ObjectNode model) {
    var architecture = entry.path("architecture");
    var inputs = Json.texts(architecture.path("input_modalities"));
    if (inputs.contains("image")) model.put("type", "vlm");
    var capabilities = entry.path("capabilities");
    if (capabilities.path("vision").asBoolean()) model.put("type", "vlm");
    if (capabilities.path("function_calling").isBoolean()) {
      model.set("tooling", capabilities.get("function_calling"));
    }
    if (Json.texts(entry.path("supported_parameters")).contains("tools"))
      model.put("tooling", true);
  }

  private static void state(JsonNode status, ObjectNode model) {
    var state = STATES.get(status.path("value").asText());
    if (state != null) model.put("state", state);
    if (status.path("failed").asBoolean()) model.put("state", "error");
  }

  /** How many weights, as people write it: 8.0B, 494M. */
  static String billions(double parameters) {
    return parameters >= 1e9
        ? String.format(Locale.ROOT, "%.1fB", parameters / 1e9)
        : String.format(Locale.ROOT, "%.0fM", parameters / 1e6);
  }
}

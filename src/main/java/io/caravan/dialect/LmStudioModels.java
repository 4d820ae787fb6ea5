package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/**
 * What LM Studio tells of its models, in the catalog's words.
 *
 * @see <a href="https://lmstudio.ai/docs/developer/rest/list">API</a>
 */
public final class LmStudioModels {

  private LmStudioModels() {}

  /** {@code /api/v1/models} (a list {@code models}) or {@code /api/v0/models} ({@code data}). */
  public static ObjectNode details(JsonNode answer) {
    boolean newer = answer.path("models").isArray();
    var details = Json.object();
    var models = details.putArray("models");
    for (var entry : Answers.list(answer, newer ? "models" : "data")) {
      models.add(newer ? newer(entry) : older(entry));
    }
    return details;
  }

  private static ObjectNode newer(JsonNode entry) {
    var model = Json.object().put("id", entry.path("key").asText());
    model.put(
        "type", type(entry.path("type").asText(), entry.at("/capabilities/vision").asBoolean()));
    common(entry, "architecture", "format", model);
    Json.copy(entry.path("quantization"), "name", model, "quantization");
    Json.copy(entry, "params_string", model, "parameters");
    Json.copy(entry, "size_bytes", model, "size");
    Json.copy(entry, "description", model, "description");
    Json.copy(entry.path("capabilities"), "trained_for_tool_use", model, "tooling");
    var loaded = entry.path("loaded_instances");
    model.put("state", loaded.isEmpty() ? "not loaded" : "loaded");
    if (!loaded.isEmpty()) Json.copy(loaded.get(0), "id", model, "runtime_name");
    return model;
  }

  private static ObjectNode older(JsonNode entry) {
    var model = Json.object().put("id", entry.path("id").asText());
    model.put("type", type(entry.path("type").asText(), false));
    common(entry, "arch", "compatibility_type", model);
    Json.copy(entry, "quantization", model, "quantization");
    var capabilities = Json.texts(entry.path("capabilities"));
    if (capabilities.contains("tool_use")) model.put("tooling", true);
    return model.put("state", entry.path("state").asText().replace('-', ' '));
  }

  private static void common(JsonNode entry, String architecture, String format, ObjectNode model) {
    Json.copy(entry, "publisher", model, "publisher");
    Json.copy(entry, architecture, model, "architecture");
    Json.copy(entry, "max_context_length", model, "max_tokens");
    if (!entry.hasNonNull(format)) return;
    model.put("is_gguf", entry.path(format).asText().equals("gguf"));
    model.put("is_mlx", entry.path(format).asText().contains("mlx"));
  }

  private static String type(String said, boolean vision) {
    if (said.startsWith("embedding")) return "embeddings";
    return vision || said.equals("vlm") ? "vlm" : "llm";
  }
}

package io.caravan.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;

/** A model of a registry as a JSON object with a field for each column of its table. */
public final class RegistryEntry {

  /** Hugging Face's {@code pipeline_tag}: https://huggingface.co/tasks */
  private static final Map<String, String> TYPES =
      Map.of(
          "text-generation", "llm",
          "text2text-generation", "llm",
          "image-text-to-text", "vlm",
          "any-to-any", "vlm",
          "feature-extraction", "embeddings",
          "sentence-similarity", "embeddings",
          "text-to-image", "vision",
          "image-classification", "vision",
          "object-detection", "vision");

  private RegistryEntry() {}

  /**
   * An entry for what a registry's API told of one model.
   *
   * @param told Ollama's {@code /api/tags}, or Hugging Face's {@code /api/models} for the others
   */
  public static ObjectNode of(String registry, JsonNode told, String baseUrl) {
    return registry.equals("ollama")
        ? ofOllama(told, baseUrl)
        : ofHuggingFace(registry, told, baseUrl);
  }

  private static ObjectNode ofHuggingFace(String registry, JsonNode told, String baseUrl) {
    var id = told.path(told.hasNonNull("modelId") ? "modelId" : "id").asText();
    var tags = Set.copyOf(Json.texts(told.path("tags")));
    var out = named(registry, id, baseUrl + "/" + id);
    out.put("id", told.path("_id").asText(id));
    for (var field :
        Map.of("likes", "likes", "trendingScore", "trending_score", "downloads", "downloads")
            .entrySet()) Json.copy(told, field.getKey(), out, field.getValue());
    out.put("created_at_ms", millis(told.path("createdAt")));
    out.put("modified_at", iso(told.path("lastModified")));
    out.set("tags", told.path("tags").isArray() ? told.get("tags") : Json.array());
    var type = TYPES.get(told.path("pipeline_tag").asText());
    if (type != null) out.put("type", type);
    if (told.path("author").isTextual()) out.set("publisher", told.get("author"));
    out.put("is_gguf", tags.contains("gguf") || out.path("is_gguf").asBoolean());
    out.put("is_mlx", tags.contains("mlx") || out.path("is_mlx").asBoolean());
    out.put("instructed", tags.contains("conversational") || out.path("instructed").asBoolean());
    var gguf = told.path("gguf");
    Json.copy(gguf, "architecture", out, "architecture");
    Json.copy(gguf, "context_length", out, "max_tokens");
    return out;
  }

  private static ObjectNode ofOllama(JsonNode told, String baseUrl) {
    var name = told.path(told.hasNonNull("name") ? "name" : "model").asText();
    var out = named("ollama", name, baseUrl + "/library/" + name);
    out.put("id", told.path("digest").asText(name));
    out.put("modified_at", iso(told.path("modified_at")));
    out.put("created_at_ms", millis(told.path("modified_at")));
    Json.copy(told, "size", out, "size");
    Json.copy(told.path("details"), "family", out, "architecture");
    Json.copy(told.path("details"), "parameter_size", out, "parameters");
    Json.copy(told.path("details"), "quantization_level", out, "quantization");
    return out;
  }

  private static ObjectNode named(String registry, String name, String url) {
    var out = Json.object().put("id", name).put("db_key", registry + ":" + name);
    out.put("registry", registry).put("model_id", name).put("name", name).put("url", url);
    for (var unknown :
        new String[] {
          "likes", "trending_score", "downloads", "size", "description", "service", "file_path"
        }) {
      out.putNull(unknown);
    }
    out.put("type", ModelNames.type(name)).put("state", "not installed");
    out.put("publisher", ModelNames.publisher(name));
    out.put("architecture", ModelNames.architecture(name));
    out.put("quantization", ModelNames.quantization(name));
    out.put("parameters", ModelNames.parameters(name));
    long context = ModelNames.maxTokens(name);
    out.put("max_tokens", context == 0 ? null : (Long) context);
    out.put("streaming", true).put("instructed", ModelNames.instructed(name));
    out.put("coding", ModelNames.coding(name)).put("tooling", ModelNames.tooling(name));
    out.put("is_mlx", name.contains("mlx"))
        .put("is_gguf", name.toLowerCase(java.util.Locale.ROOT).contains("gguf"));
    out.putArray("tags");
    return out.put("runtime_name", name);
  }

  private static Long millis(JsonNode time) {
    var iso = iso(time);
    return iso == null ? null : java.time.Instant.parse(iso).toEpochMilli();
  }

  private static String iso(JsonNode time) {
    try {
      return OffsetDateTime.parse(time.asText()).toInstant().toString();
    } catch (DateTimeException notTold) {
      return null;
    }
  }
}

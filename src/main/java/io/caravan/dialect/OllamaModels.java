package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.List;

/**
 * What Ollama tells of its models, in the catalog's words.
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api.md">API</a>
 */
public final class OllamaModels {

  private OllamaModels() {}

  /** Adds what an entry of {@code /api/tags} says to a model. */
  static ObjectNode listed(JsonNode entry, ObjectNode model) {
    Json.copy(entry, "modified_at", model, "modified_at");
    Json.copy(entry, "size", model, "size");
    return described(entry, model);
  }

  /** {@code /api/ps}: the models that it names are in memory, the others are not. */
  public static ObjectNode running(JsonNode ps) {
    var details = Json.object();
    var models = details.putArray("models");
    for (var running : Answers.list(ps, "models")) {
      var id = running.path(running.hasNonNull("name") ? "name" : "model").asText();
      models.addObject().put("id", id).put("state", "loaded");
    }
    details.putObject("others").put("state", "not loaded");
    return details;
  }

  /** {@code /api/show} as a list of this one model. */
  public static ArrayNode shown(JsonNode show, String name) {
    var answer = Answers.whole(show);
    var model = described(answer, Models.model(name).put("owned_by", "library"));
    var info = answer.path("model_info");
    var architecture = info.path("general.architecture").asText("");
    if (!architecture.isEmpty()) model.put("architecture", architecture);
    long context = info.path(architecture + ".context_length").asLong();
    if (context > 0) model.put("max_tokens", context);
    // a template that knows roles is that of a model that was trained to answer
    var template = answer.path("template").asText("");
    if (template.contains("Messages") || template.contains(".System"))
      model.put("instructed", true);
    return Json.array().add(model);
  }

  private static ObjectNode described(JsonNode from, ObjectNode model) {
    var details = from.path("details");
    Json.copy(details, "family", model, "architecture");
    Json.copy(details, "parameter_size", model, "parameters");
    Json.copy(details, "quantization_level", model, "quantization");
    if (details.hasNonNull("format")) {
      model.put("is_gguf", details.path("format").asText().equals("gguf"));
    }
    var capabilities = Json.texts(from.path("capabilities"));
    if (capabilities.isEmpty()) return model;
    model.set("capabilities", from.get("capabilities"));
    model.put("tooling", capabilities.contains("tools"));
    var type = type(capabilities);
    return type == null ? model : model.put("type", type);
  }

  private static String type(List<String> capabilities) {
    if (capabilities.contains("embedding")) return "embeddings";
    if (capabilities.contains("vision")) return "vlm";
    return capabilities.contains("completion") ? "llm" : null;
  }
}

package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/**
 * What LocalAI tells of its models, in the catalog's words.
 *
 * @see <a href="https://localai.io/features/backends/">System</a>
 */
public final class LocalAiModels {

  private LocalAiModels() {}

  /** {@code /system}: the models that it names are in memory, the others are not. */
  public static ObjectNode details(JsonNode system) {
    var details = Json.object();
    var models = details.putArray("models");
    for (var loaded : Answers.list(system, "loaded_models")) {
      models.addObject().put("id", loaded.path("id").asText()).put("state", "loaded");
    }
    details.putObject("others").put("state", "not loaded");
    return details;
  }
}

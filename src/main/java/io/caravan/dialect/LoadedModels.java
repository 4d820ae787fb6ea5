package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.ModelNotFound;
import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The states of models whose service has to be asked for each of them. */
public final class LoadedModels {

  /** How many are asked for: a service with more tells of the others nothing. */
  private static final int MOST = 50;

  private static final Pattern IDLE =
      Pattern.compile("(?i)not (running|found|loaded)|no model found");

  private LoadedModels() {}

  /** The names of the models in an answer to {@code GET /v1/models} that can be loaded. */
  public static List<String> names(JsonNode models) {
    var names = new ArrayList<String>();
    for (var model : Answers.list(models, "data")) {
      boolean there = !model.path("status").asText().equals("downloadable");
      if (there && names.size() < MOST) names.add(model.path("id").asText());
    }
    return names;
  }

  /** Room for those that are loaded. */
  public static ArrayNode none() {
    return Json.array();
  }

  /**
   * Notes that a model is loaded, if the answer says so.
   *
   * @param answer Cortex.so's words, or LocalAI's {@code state}: 0 not ready, 1 busy, 2 ready, -1
   *     broken
   */
  public static void note(JsonNode answer, ArrayNode loaded, String model) {
    if (answer.path("state").asInt(1) > 0) {
      loaded.addObject().put("id", model).put("state", "loaded");
    }
  }

  /**
   * What a service's refusal to unload a model means.
   *
   * @param models the answer to {@code GET /v1/models}
   * @return an empty answer if the service has the model, which is not loaded
   * @throws ModelNotFound if it does not have it
   * @throws UpstreamFailed if it was refused for another reason
   */
  public static ObjectNode unloaded(JsonNode models, String model, UpstreamFailed refusal) {
    if (!IDLE.matcher(refusal.getMessage()).find()) throw refusal;
    for (var each : Answers.list(models, "data")) {
      boolean there = !each.path("status").asText().equals("downloadable");
      if (there && each.path("id").asText().equals(model)) return Json.object();
    }
    throw new ModelNotFound(model);
  }

  /**
   * Whether what was being loaded has been unloaded.
   *
   * @throws UpstreamFailed if the service has always refused to
   */
  public static ObjectNode ended(Object unloaded, UpstreamFailed refusal) {
    if (unloaded == null) throw refusal;
    return Json.object();
  }

  /** What is known of all of them, as the operation {@code details} tells it. */
  public static ObjectNode details(ArrayNode loaded) {
    var details = Json.object();
    details.set("models", loaded);
    details.putObject("others").put("state", "not loaded");
    return details;
  }
}

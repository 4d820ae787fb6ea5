package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.ModelNotFound;
import io.caravan.json.Json;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * LM Studio's downloads and loaded instances (0.4.0 and later).
 *
 * @see <a href="https://lmstudio.ai/docs/developer/rest">REST API</a>
 */
public final class LmStudioLifecycle {

  /** {@code POST /api/v1/models/download}; a model of Hugging Face is named by its page. */
  public ObjectNode toDownload(ObjectNode wanted) {
    var request = Progress.model(wanted);
    Json.copy(wanted, "url", request, "model");
    return request;
  }

  /** The id of a download that goes on, empty if there is nothing to wait for. */
  public String task(JsonNode answer) {
    var whole = Answers.whole(answer);
    return LmStudioSteps.isOver(whole) ? "" : whole.path("job_id").asText("");
  }

  /** The answers to {@code GET /api/v1/models/download/status/{id}} as progress. */
  public Object toProgress(Object answer) {
    return Progress.of(answer, new LmStudioSteps());
  }

  /** {@code POST /api/v1/models/load}. */
  public ObjectNode toLoad(ObjectNode wanted) {
    return Progress.model(wanted);
  }

  /**
   * The bodies of {@code POST /api/v1/models/unload}, one for each loaded instance of the model: LM
   * Studio unloads instances, not models. None if it is not loaded.
   *
   * @throws ModelNotFound if there is no such model
   */
  public List<ObjectNode> toUnload(JsonNode models, ObjectNode wanted) {
    var name = wanted.path("model").asText();
    var unload = new ArrayList<ObjectNode>();
    boolean known = false;
    for (var model : Answers.list(models, "models")) {
      known |= model.path("key").asText().equals(name);
      for (var instance : model.path("loaded_instances")) {
        var id = instance.path("id").asText();
        if (model.path("key").asText().equals(name) || id.equals(name)) {
          unload.add(Json.object().put("instance_id", id));
        }
      }
    }
    if (!known && unload.isEmpty()) throw new ModelNotFound(name);
    return unload;
  }

  /** The states of a download. */
  private static final class LmStudioSteps implements Transformer<ServerEvent, ObjectNode> {
    private boolean done;

    /**
     * @throws io.caravan.errors.GatewayException.UpstreamFailed if it failed
     */
    static boolean isOver(JsonNode state) {
      var status = state.path("status").asText();
      if (status.equals("failed")) {
        throw Progress.failed(Progress.words(state, "The download failed.", "error", "message"));
      }
      return status.equals("completed") || status.equals("already_downloaded");
    }

    @Override
    public void next(ServerEvent event, Consumer<ObjectNode> out) {
      var state = Answers.event(event);
      done = isOver(state);
      out.accept(
          Progress.at(
              state.path("status").asText(),
              state.path("downloaded_bytes").asLong(),
              state.path("total_size_bytes").asLong()));
    }

    @Override
    public boolean done() {
      return done;
    }
  }
}

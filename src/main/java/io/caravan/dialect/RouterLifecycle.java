package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.json.Json;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.function.Consumer;

/**
 * llama-server without a model of its own, which loads and downloads on request.
 *
 * @see <a href="https://github.com/ggml-org/llama.cpp/tree/master/tools/server">Router mode</a>
 */
public final class RouterLifecycle {

  /** {@code POST /models}, {@code /models/load} and {@code /models/unload}. */
  public ObjectNode toModel(ObjectNode wanted) {
    return Progress.model(wanted);
  }

  /**
   * A model that llama-server refuses to load or to download may be there already, or on its way.
   *
   * @param models the answer to {@code GET /models}
   * @return the answer if nothing is left to be done, else the events to follow
   * @throws UpstreamFailed if it is not so
   */
  public Object already(
      JsonNode models,
      AnswerStream<?> events,
      ObjectNode wanted,
      String operation,
      UpstreamFailed failure) {
    var known = known(models, events, wanted, operation);
    if (known == null) throw failure;
    return known;
  }

  /**
   * What became of a load or a download that was begun before.
   *
   * @param models the answer to {@code GET /models}
   * @return the answer if nothing is left to be done, the events if it goes on, null if nothing is
   *     known of it
   */
  public Object known(
      JsonNode models, AnswerStream<?> events, ObjectNode wanted, String operation) {
    var status = status(models, wanted.path("model").asText());
    boolean download = operation.equals("install");
    if (status.equals(download ? "downloading" : "loading")) return events;
    if (status.isEmpty() || !download && !status.equals("loaded")) return null;
    events.cancel();
    return Json.object();
  }

  private static String status(JsonNode models, String model) {
    for (var entry : Answers.list(models, "data")) {
      boolean meant = entry.path("id").asText().equals(model);
      if (meant) return entry.path("status").path("value").asText("unloaded");
    }
    return "";
  }

  /**
   * What a model that is not loaded says to being unloaded.
   *
   * @throws UpstreamFailed if it failed otherwise
   */
  public ObjectNode unloaded(UpstreamFailed failure) {
    if (failure.getMessage().contains("not running")) return Json.object();
    throw failure;
  }

  /** The events of {@code GET /models/sse} about one model as progress. */
  public Object toProgress(Object events, ObjectNode wanted, String operation) {
    return Progress.of(
        events, new Steps(wanted.path("model").asText(), operation.equals("install")));
  }

  /** The events of one model among those of all. */
  private static final class Steps implements Transformer<ServerEvent, ObjectNode> {
    private final String model;
    private final boolean download;
    private boolean loading;
    private boolean done;

    Steps(String model, boolean download) {
      this.model = model;
      this.download = download;
    }

    @Override
    public void next(ServerEvent event, Consumer<ObjectNode> out) {
      var message = Answers.event(event);
      if (!message.path("model").asText().equals(model)) return;
      var data = message.path("data");
      switch (message.path("event").asText()) {
        case "download_progress" -> out.accept(downloaded(data));
        case "download_failed" ->
            throw Progress.failed(Progress.words(data, "The download failed.", "error", "message"));
        case "download_finished" -> done = download;
        case "model_status" -> status(data, out);
        default -> {} // llama-server may tell more than concerns us
      }
    }

    @Override
    public boolean done() {
      return done;
    }

    private void status(JsonNode data, Consumer<ObjectNode> out) {
      var status = data.path("status").asText();
      if (download) return;
      if (status.equals("loaded")) done = true;
      loading |= status.equals("loading");
      // a model that was just being unloaded says so too, before it begins to load
      if (status.equals("failed") || loading && status.equals("unloaded")) {
        var otherwise = "The model could not be loaded.";
        throw Progress.failed(Progress.words(data, otherwise, "error", "message"));
      }
      var progress = data.path("progress");
      var stage = Progress.words(progress, status, "current");
      out.accept(
          progress.has("value")
              ? Progress.share(stage, progress.path("value").asDouble())
              : Progress.at(stage));
    }

    private static ObjectNode downloaded(JsonNode files) {
      long done = 0;
      long total = 0;
      for (var file : files) {
        done += file.path("done").asLong();
        total += file.path("total").asLong();
      }
      return Progress.at("downloading", done, total);
    }
  }
}

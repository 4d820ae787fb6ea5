package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.errors.GatewayException.UpstreamFailed;
import io.caravan.json.Json;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Cortex.so's pull, import, start and stop.
 *
 * @see <a href="https://github.com/menloresearch/cortex.cpp/tree/dev/docs">Documentation</a>
 */
public final class CortexLifecycle {

  /** {@code POST /v1/models/pull}; a URL may stand in place of a name. */
  public ObjectNode toPull(ObjectNode wanted) {
    var request = Json.object();
    Json.copy(wanted, "model", request, "model");
    if (wanted.hasNonNull("url")) {
      request.set("model", wanted.get("url"));
      Json.copy(wanted, "model", request, "id");
    }
    return request;
  }

  /** The id of the download that has begun. */
  public String task(JsonNode answer) {
    var id = Answers.whole(answer).path("task").path("id").asText("");
    if (id.isEmpty()) throw new BadAnswer("no id of a download");
    return id;
  }

  /** The messages of {@code /events} about one download as progress. */
  public Object toProgress(Object events, String task) {
    return Progress.of(events, new Steps(task));
  }

  /** Whether a model is downloaded, and not only known, as {@code GET /v1/models} tells. */
  public boolean isThere(JsonNode list, String model) {
    for (var entry : Answers.list(list, "data")) {
      boolean same = model.equals(entry.path("id").asText());
      if (same && entry.path("status").asText().equals("downloaded")) return true;
    }
    return false;
  }

  /**
   * What a pull is answered that has nothing to do; the events are of no more use.
   *
   * @throws UpstreamFailed if it failed otherwise
   */
  public ObjectNode already(AnswerStream<?> events, UpstreamFailed failure) {
    events.cancel();
    var words = failure.getMessage().toLowerCase(Locale.ROOT);
    if (words.contains("already downloaded") || words.contains("delete the model before"))
      return Json.object();
    throw failure;
  }

  /** {@code DELETE /v1/models/pull}. */
  public ObjectNode toAbort(String task) {
    return Json.object().put("taskId", task);
  }

  /** {@code POST /v1/models/import}. */
  public ObjectNode toImport(ObjectNode wanted) {
    var request = Json.object();
    Json.copy(wanted, "model", request, "model");
    Json.copy(wanted, "path", request, "modelPath");
    Json.copy(wanted, "model", request, "name");
    boolean link = wanted.path("mode").asText().equals("link");
    return request.put("option", link ? "symlink" : "copy");
  }

  /** {@code PATCH /v1/models/{id}}: the options are what is changed. */
  public ObjectNode toUpdate(ObjectNode wanted) {
    return wanted.path("options") instanceof ObjectNode options ? options : Json.object();
  }

  /** {@code POST /v1/models/start} and {@code /stop}. */
  public ObjectNode toModel(ObjectNode wanted) {
    return Progress.model(wanted);
  }

  /** The events of one download among those of all. */
  private static final class Steps implements Transformer<ServerEvent, ObjectNode> {
    private final String id;
    private boolean done;

    Steps(String id) {
      this.id = id;
    }

    @Override
    public void next(ServerEvent event, Consumer<ObjectNode> out) {
      var message = Answers.event(event);
      JsonNode task = message.path("task");
      if (!task.path("id").asText().equals(id)) return;
      switch (message.path("type").asText()) {
        case "DownloadError" ->
            throw Progress.failed(Progress.words(message, "The download failed.", "message"));
        case "DownloadStopped" -> throw Progress.failed("The download was stopped at the service.");
        case "DownloadSuccess" -> done = true;
        default -> {} // started, updated
      }
      out.accept(Progress.at("downloading", sum(task, "downloadedBytes"), sum(task, "bytes")));
    }

    @Override
    public boolean done() {
      return done;
    }

    private static long sum(JsonNode task, String field) {
      long sum = 0;
      for (var item : task.path("items")) sum += item.path(field).asLong();
      return sum;
    }
  }
}

package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.json.Json;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.function.Consumer;

/**
 * LocalAI's gallery jobs.
 *
 * @see <a href="https://localai.io/models/">Model gallery</a>
 */
public final class LocalAiLifecycle {

  /**
   * The path below {@code /models/} for what is wanted: a gallery's entry or a configuration file
   * is applied, any other address imported.
   */
  public String way(ObjectNode wanted) {
    var source = source(wanted);
    return source.contains("://") && !isConfiguration(source) ? "import-uri" : "apply";
  }

  /** The body for that path. */
  public ObjectNode toApply(ObjectNode wanted) {
    var source = source(wanted);
    var request = Json.object();
    if (way(wanted).equals("import-uri")) {
      request.put("uri", source);
      var preferences = Json.object();
      boolean named = wanted.hasNonNull("model") && !wanted.path("model").asText().equals(source);
      if (named) Json.copy(wanted, "model", preferences, "name");
      if (!preferences.isEmpty()) request.set("preferences", preferences);
    } else if (isConfiguration(source)) {
      request.put("url", source);
      if (wanted.hasNonNull("url")) Json.copy(wanted, "model", request, "name");
    } else {
      request.put("id", source);
    }
    if (wanted.path("options") instanceof ObjectNode options) request.setAll(options);
    return request;
  }

  /** {@code POST /backend/load} and {@code /backend/shutdown}. */
  public ObjectNode toModel(ObjectNode wanted) {
    return Progress.model(wanted);
  }

  /** The id of the job that LocalAI has begun. */
  public String task(JsonNode answer) {
    var id = Answers.whole(answer).path("uuid").asText("");
    if (id.isEmpty()) throw new BadAnswer("no id of a job");
    return id;
  }

  /** The answers to {@code GET /models/jobs/{uuid}} as progress. */
  public Object toProgress(Object answer) {
    return Progress.of(answer, new Steps());
  }

  private static String source(ObjectNode wanted) {
    if (wanted.hasNonNull("path")) return "file://" + wanted.path("path").asText();
    return wanted.hasNonNull("url") ? wanted.path("url").asText() : wanted.path("model").asText();
  }

  private static boolean isConfiguration(String source) {
    return source.contains("://") && source.matches("(?i).*\\.ya?ml([?#].*)?")
        || source.startsWith("github:");
  }

  /** The states of a job; {@code processed} says that it is over, not that it went well. */
  private static final class Steps implements Transformer<ServerEvent, ObjectNode> {
    private boolean done;

    @Override
    public void next(ServerEvent event, Consumer<ObjectNode> out) {
      JsonNode job = json(event);
      var error = Progress.words(job, "", "error");
      // older ones send an empty object, or null, whatever it was: the words are in the message
      var message = Progress.words(job, "", "message");
      if (error.isEmpty() && message.matches("(?is)error\\b.*")) error = message;
      if (!error.isEmpty()) throw Progress.failed(error);
      if (job.path("cancelled").asBoolean()) {
        throw Progress.failed("The job was cancelled at the service.");
      }
      done = job.path("processed").asBoolean();
      var stage = Progress.words(job, "processing", "phase", "message");
      out.accept(Progress.at(stage, Math.round(job.path("progress").asDouble()), 100));
    }

    @Override
    public boolean done() {
      return done;
    }

    private static JsonNode json(ServerEvent event) {
      try {
        return Json.read(event.data());
      } catch (java.io.IOException e) {
        throw new BadAnswer("an answer that is not JSON");
      }
    }
  }
}

package io.caravan.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.time.Instant;
import java.util.Locale;

/**
 * One piece of work on a model of a service, as it was at one moment.
 *
 * @param type install, import, update, load, unload or delete: the operation of the Kamelet
 * @param params what the client asked for, with the service's and the model's name apart
 * @param progress {@code {stage, done, total, rate, eta}}, null as long as nothing is known
 * @param error {@code {message, type, code}}, null if nothing failed
 * @param handle what the service calls it, null if nothing
 * @param attempt how often it was begun
 * @param cancelling whether it was asked to end
 * @param revision grows with each change
 */
public record Job(
    String id,
    String type,
    ObjectNode params,
    State state,
    ObjectNode progress,
    ObjectNode error,
    Instant createdAt,
    Instant startedAt,
    Instant finishedAt,
    String handle,
    int attempt,
    boolean cancelling,
    long revision) {

  /** Where a job is in its life. */
  public enum State {
    QUEUED,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    INTERRUPTED;

    /** The state as clients know it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** Whether nothing more will happen to it. */
  public boolean isOver() {
    return state != State.QUEUED && state != State.RUNNING;
  }

  /** The name of the service. */
  public String service() {
    return params.path("service_name").asText();
  }

  /** The model's name as the service knows it. */
  public String model() {
    return params.path("model_name").asText();
  }

  /** The job as clients see it. */
  public ObjectNode json() {
    var json = Json.object().put("id", id).put("type", type);
    json.set("params", params);
    json.put("state", state.text());
    json.set("progress", progress);
    json.set("error", error);
    json.put("created_at", text(createdAt));
    json.put("started_at", text(startedAt));
    return json.put("finished_at", text(finishedAt));
  }

  Job now(State next, ObjectNode nextError, Instant startedOrNot, Instant finishedOrNot) {
    return new Job(
        id,
        type,
        params,
        next,
        progress,
        nextError,
        createdAt,
        startedOrNot,
        finishedOrNot,
        handle,
        attempt,
        cancelling,
        revision + 1);
  }

  Job with(ObjectNode nextProgress, String nextHandle) {
    return new Job(
        id,
        type,
        params,
        state,
        nextProgress,
        error,
        createdAt,
        startedAt,
        finishedAt,
        nextHandle,
        attempt,
        cancelling,
        revision + 1);
  }

  private static String text(Instant instant) {
    return instant == null ? null : instant.toString();
  }
}

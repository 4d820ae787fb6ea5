package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The requests that wait for a model, first come, first served. Guarded by {@link Admission}. */
final class Queue {

  private static final int RETRY_SECONDS = 5;

  private final Limits limits;
  private final List<Waiting> waiting = new ArrayList<>();

  Queue(Limits limits) {
    this.limits = limits;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  int size() {
    return waiting.size();
  }

  /** A copy, so that places may be given up meanwhile. */
  List<Waiting> inOrder() {
    return List.copyOf(waiting);
  }

  void add(Waiting last) {
    waiting.removeIf(each -> each.answer().isDone()); // the client has left
    if (waiting.size() >= limits.waiting()) throw full(last);
    waiting.add(last);
  }

  /** Whether anybody waits for a model. */
  boolean wants(Path model) {
    return waiting.stream().anyMatch(each -> each.path().equals(model));
  }

  void remove(Waiting served) {
    waiting.remove(served);
  }

  /** Gives up all that wait for a model. */
  void fail(Path model, Throwable cause) {
    for (var each : inOrder()) if (each.path().equals(model)) fail(each, cause);
  }

  void failAll(Throwable cause) {
    for (var each : inOrder()) fail(each, cause);
  }

  /** Gives up those whose time is over, but for those whose model is being loaded. */
  void expire(Instant now, Predicate<Waiting> loading) {
    for (var each : inOrder()) {
      if (each.deadline().isBefore(now) && !loading.test(each)) fail(each, late(each));
    }
  }

  private void fail(Waiting each, Throwable cause) {
    waiting.remove(each);
    each.fail(cause);
  }

  private GatewayException full(Waiting last) {
    var message = "The model `%s` cannot be used now: %d requests wait, this would be number %d.";
    return new GatewayException.Unavailable(
        message.formatted(last.model().name(), waiting.size(), waiting.size() + 1), RETRY_SECONDS);
  }

  private GatewayException late(Waiting each) {
    var message =
        "The model `%s` cannot be loaded now: as many models are loaded as may be and all are busy"
            + " (caravan.local.max-loaded is %d). The request waited %d s and is number %d of %d"
            + " in the queue.";
    return new GatewayException.Unavailable(
        message.formatted(
            each.model().name(),
            limits.loaded(),
            limits.patience().toSeconds(),
            waiting.indexOf(each) + 1,
            waiting.size()),
        RETRY_SECONDS);
  }
}

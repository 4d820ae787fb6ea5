package io.caravan.web;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.metrics.Tally;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.ToDoubleFunction;

/** How the latest two minutes were, second by second. Belongs to one thread. */
final class Samples {

  private static final int KEPT = 120;

  /** Over how many samples the error rate is told: one second alone says little. */
  private static final int ERROR_SPAN = 60;

  private static final double NANOS = 1e9;

  private final Deque<Sample> kept = new ArrayDeque<>();
  private Tally.Count before;
  private long beforeAt;

  private record Sample(int inFlight, double tokens, double calls, double errors) {}

  /** Adds a sample: what was counted since the one before, per second. */
  void add(int inFlight, Tally.Count now, long nanos) {
    if (before != null) {
      double seconds = Math.max(0.001, (nanos - beforeAt) / NANOS);
      kept.add(
          new Sample(
              inFlight,
              (now.tokens() - before.tokens()) / seconds,
              (now.calls() - before.calls()) / seconds,
              (now.failed() - before.failed()) / seconds));
      if (kept.size() > KEPT) kept.remove();
    }
    before = now;
    beforeAt = nanos;
  }

  /** Puts the present rates into an object. */
  void latest(ObjectNode to) {
    var last = kept.isEmpty() ? new Sample(0, 0, 0, 0) : kept.getLast();
    to.put("in_flight", last.inFlight).put("tokens_per_sec", rounded(last.tokens));
    to.put("calls_per_sec", rounded(last.calls)).put("errors_per_sec", rounded(last.errors));
    var span = kept.stream().skip(Math.max(0, kept.size() - ERROR_SPAN)).toList();
    double calls = span.stream().mapToDouble(Sample::calls).sum();
    double errors = span.stream().mapToDouble(Sample::errors).sum();
    to.put("error_rate", calls == 0 ? 0 : Math.round(1000 * errors / calls) / 1000.0);
  }

  /** The samples by name, the oldest first. */
  ObjectNode history() {
    var out = Json.object();
    series(out, "in_flight", Sample::inFlight);
    series(out, "tokens_per_sec", Sample::tokens);
    series(out, "calls_per_sec", Sample::calls);
    series(out, "errors_per_sec", Sample::errors);
    return out;
  }

  private void series(ObjectNode to, String name, ToDoubleFunction<Sample> of) {
    var values = to.putArray(name);
    for (var sample : kept) values.add(rounded(of.applyAsDouble(sample)));
  }

  private static double rounded(double value) {
    return Math.round(10 * value) / 10.0;
  }
}

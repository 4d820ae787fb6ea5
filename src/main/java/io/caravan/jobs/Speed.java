package io.caravan.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.time.Clock;

/** Adds to what a service tells of its progress how fast it is and how long it will take. */
final class Speed {

  private static final long WINDOW_MILLIS = 500;
  private static final double WEIGHT = 0.4;

  private final Clock clock;
  private long windowBegan = -1;
  private long doneThen;
  private Double perSecond;

  Speed(Clock clock) {
    this.clock = clock;
  }

  /** The job's progress: rate in units per second, eta in seconds, null where unknown. */
  ObjectNode progress(JsonNode told) {
    var progress = Json.object().put("stage", told.path("stage").asText(null));
    boolean counted = told.hasNonNull("total");
    progress.put("done", counted ? (Long) told.path("done").asLong() : null);
    progress.put("total", counted ? (Long) told.path("total").asLong() : null);
    if (!counted) return progress.put("rate", (Double) null).put("eta", (Long) null);
    measure(told.path("done").asLong());
    boolean known = perSecond != null && perSecond > 0;
    long left = told.path("total").asLong() - told.path("done").asLong();
    progress.put("rate", known ? (Double) (Math.round(perSecond * 10) / 10.0) : null);
    return progress.put("eta", known ? (Long) Math.round(left / perSecond) : null);
  }

  private void measure(long done) {
    long now = clock.millis();
    if (windowBegan < 0 || done < doneThen) {
      windowBegan = now;
      doneThen = done;
      return;
    }
    long passed = now - windowBegan;
    if (passed < WINDOW_MILLIS) return;
    double fresh = (done - doneThen) * 1000.0 / passed;
    perSecond = perSecond == null ? fresh : (Double) (perSecond + WEIGHT * (fresh - perSecond));
    windowBegan = now;
    doneThen = done;
  }
}

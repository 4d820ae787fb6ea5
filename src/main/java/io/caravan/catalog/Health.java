package io.caravan.catalog;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * How a service is, as far as asking it has shown.
 *
 * @param up whether it answered the last time; null if it was never asked
 * @param since when that began, null if it was never asked
 * @param checkedAt when it was asked the last time
 * @param nextAt when it is to be asked again
 * @param latency how long its last answer took, null if it never answered
 * @param lastError why it did not answer the last time that it did not, null if it always did
 * @param lastErrorAt when that was
 * @param failures how many times in a row it has not answered
 * @param history the changes between up and down, oldest first, a bounded number
 */
public record Health(
    Boolean up,
    Instant since,
    Instant checkedAt,
    Instant nextAt,
    Duration latency,
    String lastError,
    Instant lastErrorAt,
    int failures,
    List<Change> history) {

  private static final int KEPT_CHANGES = 20;
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  /** A moment at which it went up or down. */
  public record Change(Instant at, boolean up, String error) {}

  /** Of a service that was never asked: it is due. */
  static final Health UNKNOWN =
      new Health(null, null, null, Instant.EPOCH, null, null, null, 0, List.of());

  Health answered(Instant now, Duration took, Duration interval) {
    return new Health(
        true,
        Boolean.TRUE.equals(up) ? since : now,
        now,
        now.plus(interval),
        took,
        lastError,
        lastErrorAt,
        0,
        changed(now, true, null));
  }

  /** The pauses grow to twice the interval: who starts a service does not wait long for it. */
  Health failed(Instant now, String error, Duration interval) {
    var longest = interval.multipliedBy(2);
    var grown = FIRST_PAUSE.multipliedBy(1L << Math.min(failures, 20));
    var pause = grown.compareTo(longest) < 0 ? grown : longest;
    return new Health(
        false,
        Boolean.FALSE.equals(up) ? since : now,
        now,
        now.plus(pause),
        latency,
        error,
        now,
        failures + 1,
        changed(now, false, error));
  }

  /** The same, to be asked again at once. */
  Health due() {
    return new Health(
        up, since, checkedAt, Instant.EPOCH, latency, lastError, lastErrorAt, failures, history);
  }

  private List<Change> changed(Instant now, boolean nowUp, String error) {
    if (up != null && up == nowUp) return history;
    var changes = new ArrayList<>(history);
    changes.add(new Change(now, nowUp, error));
    return List.copyOf(changes.subList(Math.max(0, changes.size() - KEPT_CHANGES), changes.size()));
  }
}

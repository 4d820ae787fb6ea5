package io.caravan.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The times at which a model's worker died lately: how long to leave it alone grows with their
 * number, whatever went well between them. A request that kills its worker each time would
 * otherwise have it started without pause.
 */
final class Crashes {

  private static final Duration LATELY = Duration.ofMinutes(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int MOST = 16;

  private final Clock clock;
  private final Deque<Instant> times = new ArrayDeque<>();
  private Instant pauseEnd = Instant.MIN;
  private String reason;

  Crashes(Clock clock) {
    this.clock = clock;
  }

  /** A worker died. The first time it may start again at once, then after 1, 2, 4, … seconds. */
  void happened(String why) {
    var now = clock.instant();
    reason = why;
    times.add(now);
    times.removeIf(time -> time.plus(LATELY).isBefore(now));
    if (times.size() > MOST) times.remove();
    if (times.size() < 2) return;
    var pause = Duration.ofSeconds(1L << Math.min(times.size() - 2, 10));
    pauseEnd = now.plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
  }

  /** A worker was ended on purpose: there is no failure to tell of, but the times count. */
  void forgetReason() {
    reason = null;
  }

  /** How often it died lately. */
  int count() {
    return times.size();
  }

  /** Until when the worker is left alone; long ago if it may be started now. */
  Instant pauseEnd() {
    return pauseEnd;
  }

  /** Why the worker died last, null if it did not, or has been ended since. */
  String reason() {
    return reason;
  }
}

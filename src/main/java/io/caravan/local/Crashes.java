package io.caravan.local;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** Counts how often a model's worker died in a row: how long to leave it alone grows with it. */
final class Crashes {

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final Clock clock;
  private int inRow;
  private Instant pauseEnd = Instant.MIN;
  private String reason;

  Crashes(Clock clock) {
    this.clock = clock;
  }

  /** A worker died. The first time it may start again at once, then after 1, 2, 4, … seconds. */
  void happened(boolean proven, String why) {
    inRow = proven ? 1 : inRow + 1;
    reason = why;
    pauseEnd = Instant.MIN;
    if (inRow < 2) return;
    var pause = Duration.ofSeconds(1L << Math.min(inRow - 2, 10));
    pauseEnd = clock.instant().plus(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
  }

  /** Seconds, rounded up, until the worker may be started again; 0 if it may now. */
  int secondsLeft() {
    var now = clock.instant();
    if (!now.isBefore(pauseEnd)) return 0;
    return (int) Duration.between(now, pauseEnd).plusMillis(999).toSeconds();
  }

  /** Why the worker died last, null if it never did. */
  String reason() {
    return reason;
  }
}

package io.caravan.resilience;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** For how long a target has asked to be left alone. */
final class Rest {

  /** A service may ask for a year by mistake. */
  private static final Duration LONGEST = Duration.ofHours(1);

  private final Clock clock;
  private volatile Instant until = Instant.EPOCH;

  Rest(Clock clock) {
    this.clock = clock;
  }

  /** From now on for this time, an hour at most. */
  void begin(Duration wanted) {
    until = clock.instant().plus(wanted.compareTo(LONGEST) < 0 ? wanted : LONGEST);
  }

  /** The target has answered. */
  void forget() {
    if (until != Instant.EPOCH) until = Instant.EPOCH; // every answer asks, on every core
  }

  boolean lasts() {
    return until != Instant.EPOCH && clock.instant().isBefore(until);
  }

  /** Whether such a time is over, and the target has not answered since. */
  boolean isOver() {
    return until != Instant.EPOCH && !lasts();
  }
}

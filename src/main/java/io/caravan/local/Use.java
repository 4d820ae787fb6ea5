package io.caravan.local;

import java.time.Clock;
import java.time.Instant;

/** How a worker is used. Changed under the lock of {@link Admission}, read by anybody. */
final class Use {

  private final Clock clock;
  private volatile int requests;
  private volatile Instant last;

  Use(Clock clock) {
    this.clock = clock;
    this.last = clock.instant();
  }

  /** Requests that use it now. */
  int requests() {
    return requests;
  }

  /** When it was used last, or loaded. */
  Instant last() {
    return last;
  }

  void touched() {
    last = clock.instant();
  }

  void begins() {
    requests++;
    touched();
  }

  void ends() {
    requests--;
    touched();
  }
}

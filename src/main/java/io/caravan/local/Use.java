package io.caravan.local;

import java.time.Clock;
import java.time.Instant;

/** How a worker is used. Changed under the lock of {@link Admission}, read by anybody. */
final class Use {

  private final Clock clock;
  private volatile int requests;
  private volatile Instant last;
  private volatile boolean served;

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

  /** Whether it has lived to the end of a request. */
  boolean served() {
    return served;
  }

  void touched() {
    last = clock.instant();
  }

  void begins() {
    requests++;
    touched();
  }

  /**
   * @param alive whether the worker has outlived the request
   */
  void ends(boolean alive) {
    requests--;
    served |= alive;
    touched();
  }
}

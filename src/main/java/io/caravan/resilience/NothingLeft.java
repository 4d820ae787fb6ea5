package io.caravan.resilience;

import io.caravan.errors.GatewayException;
import java.time.Duration;

/** Why none of a call's targets may be tried now, and when to come back. */
final class NothingLeft {

  private Duration soonest;

  /** The target is held back by its breaker. */
  void held(Breaker breaker) {
    var left = breaker.left();
    if (soonest == null || left.compareTo(soonest) < 0) soonest = left;
  }

  /** The target's service has no place for the call. */
  void full() {
    soonest = Duration.ofSeconds(1);
  }

  /** What the client is told. */
  GatewayException told() {
    int seconds = soonest == null ? 1 : (int) soonest.plusMillis(999).toSeconds();
    return new GatewayException.Unavailable(
        "Every service that could answer is busy or has failed too often just now.", seconds);
  }
}

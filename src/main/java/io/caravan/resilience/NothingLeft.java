package io.caravan.resilience;

import io.caravan.errors.GatewayException;
import io.caravan.errors.UpstreamError;
import io.caravan.routing.Target;
import java.time.Duration;
import java.util.Map;

/** Why none of a call's targets may be tried now, and when to come back. */
final class NothingLeft {

  private Duration soonest;
  private Target resting;
  private boolean busy;

  /** The target is held back by its breaker. */
  void held(Target target, Breaker breaker) {
    var left = breaker.left();
    if (soonest == null || left.compareTo(soonest) < 0) soonest = left;
    if (breaker.rests()) resting = target;
    else busy = true;
  }

  /** The target's service has no place for the call. */
  void full() {
    busy = true;
    soonest = Duration.ofSeconds(1);
  }

  /** What the client is told: 429 if all of them have asked to be left alone, else 503. */
  GatewayException told() {
    int seconds = soonest == null ? 1 : (int) soonest.plusMillis(999).toSeconds();
    if (busy || resting == null) {
      return new GatewayException.Unavailable(
          "Every service that could answer is busy or has failed too often just now.", seconds);
    }
    var message =
        "The service `%s` limits its calls and takes none for another %d s."
            .formatted(resting.service().name(), seconds);
    var headers = Map.of("retry-after", String.valueOf(seconds));
    return new GatewayException.UpstreamFailed(
        new UpstreamError(
            429, message, "rate_limit_exceeded", "rate_limit_exceeded", null, headers));
  }
}

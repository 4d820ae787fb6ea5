package io.caravan.resilience;

import io.caravan.settings.Configuration;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;

/**
 * When a breaker opens and for how long, {@code caravan.breaker.*}.
 *
 * @param rate percent of failed attempts at which it opens
 * @param calls how many attempts must have been made
 */
public record BreakerSettings(boolean enabled, Duration open, double rate, int calls) {

  private static final int WINDOW = 20;

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming the key of a setting that makes no sense
   */
  public static BreakerSettings of(Configuration configuration) {
    double seconds = Math.max(0.01, configuration.number("caravan.breaker.open-sec", 15));
    double rate = configuration.number("caravan.breaker.failure-rate", 80);
    if (rate <= 0 || rate > 100) {
      throw new IllegalArgumentException("caravan.breaker.failure-rate must be 1 to 100 (percent)");
    }
    return new BreakerSettings(
        configuration.flag("caravan.breaker.enabled", true),
        Duration.ofMillis((long) (seconds * 1000)),
        rate,
        (int) Math.max(1, configuration.number("caravan.breaker.min-calls", 20)));
  }

  CircuitBreakerConfig config(Clock clock) {
    return CircuitBreakerConfig.custom()
        .slidingWindowSize(window())
        .minimumNumberOfCalls(calls)
        .failureRateThreshold((float) rate)
        .waitDurationInOpenState(open)
        .permittedNumberOfCallsInHalfOpenState(1)
        .writableStackTraceEnabled(false)
        .clock(clock)
        .build();
  }

  StreamEnds streamEnds() {
    return new StreamEnds(window(), calls, rate);
  }

  /** How many of the latest attempts count. */
  int window() {
    return Math.max(WINDOW, calls);
  }
}

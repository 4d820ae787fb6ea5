package io.caravan.resilience;

import io.caravan.settings.Configuration;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Clock;
import java.time.Duration;

/**
 * When a breaker opens and for how long, {@code caravan.breaker.*}.
 *
 * @param first for how long it opens; twice as long after each probe that fails
 * @param longest no opening is longer
 * @param rate percent of failed attempts at which it opens
 * @param calls how many attempts must have been made
 */
public record BreakerSettings(
    boolean enabled, Duration first, Duration longest, double rate, int calls) {

  private static final int WINDOW = 20;
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LONGEST = Duration.ofSeconds(15);

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming the key of a setting that makes no sense
   */
  public static BreakerSettings of(Configuration configuration) {
    var fixed = fixed(configuration);
    double rate = configuration.number("caravan.breaker.failure-rate", 90);
    if (rate <= 0 || rate > 100) {
      throw new IllegalArgumentException("caravan.breaker.failure-rate must be 1 to 100 (percent)");
    }
    return new BreakerSettings(
        configuration.flag("caravan.breaker.enabled", true),
        fixed == null ? FIRST : fixed,
        fixed == null ? LONGEST : fixed,
        rate,
        (int) Math.max(1, configuration.number("caravan.breaker.min-calls", 20)));
  }

  /** The same time for every opening, or null if none is set. */
  private static Duration fixed(Configuration configuration) {
    var key = "caravan.breaker.open-sec";
    if (configuration.get(key) == null) return null;
    return Duration.ofMillis((long) (Math.max(0.01, configuration.number(key, 0)) * 1000));
  }

  /** How long it stays open, the so manieth time in a row (1 is the first). */
  Duration open(int opening) {
    var wait = first;
    for (int i = 1; i < opening && wait.compareTo(longest) < 0; i++) wait = wait.multipliedBy(2);
    return wait.compareTo(longest) < 0 ? wait : longest;
  }

  /**
   * @param waits is told the how manieth opening in a row begins, and says its milliseconds
   */
  CircuitBreakerConfig config(Clock clock, IntervalFunction waits) {
    return CircuitBreakerConfig.custom()
        .slidingWindowSize(window())
        .minimumNumberOfCalls(calls)
        .failureRateThreshold((float) rate)
        .waitIntervalFunctionInOpenState(waits)
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

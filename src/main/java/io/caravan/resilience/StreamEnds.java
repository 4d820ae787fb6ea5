package io.caravan.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.util.concurrent.TimeUnit;

/**
 * How the latest answers of a target have ended. They count for themselves: a begun answer is a
 * success to the breaker at once, and its end may be minutes away.
 */
final class StreamEnds {

  /** The circuit wants an exception, and does nothing with it. */
  private static final Exception BREAK = new Exception("a stream has broken off");

  private final CircuitBreaker circuit;
  private final int window;

  StreamEnds(String name, CircuitBreakerConfig config) {
    circuit = CircuitBreaker.of(name, config);
    window = config.getSlidingWindowSize();
  }

  /** An answer has come to its end. */
  void whole() {
    circuit.onSuccess(0, TimeUnit.NANOSECONDS);
  }

  /**
   * An answer has broken off; one counts as so many.
   *
   * @return as how many failures of the target this counts: 0, or all once too many have broken off
   */
  int broken(int weight) {
    for (int i = 0; i < weight; i++) circuit.onError(0, TimeUnit.NANOSECONDS, BREAK);
    if (circuit.getState() != State.OPEN) return 0;
    circuit.reset();
    return window;
  }

  /** Whether none of them has broken off. */
  boolean areWhole() {
    return circuit.getMetrics().getNumberOfFailedCalls() == 0;
  }

  void reset() {
    circuit.reset();
  }
}

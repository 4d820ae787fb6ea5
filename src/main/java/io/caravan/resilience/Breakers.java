package io.caravan.resilience;

import io.caravan.routing.Target;
import io.caravan.settings.Configuration;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A circuit breaker for each target. It opens when many of the latest attempts have failed, lets
 * one probe through after a while, and closes when that one succeeds.
 */
public final class Breakers {

  /** Names of models may be the clients' own where a service's list is not known. */
  private static final int MAX_TARGETS = 1000;

  private static final int WINDOW = 20;

  /** The breaker wants an exception, and does nothing with it. */
  private static final Exception FAILURE = new Exception("an attempt has failed");

  private final boolean enabled;
  private final Duration open;
  private final CircuitBreakerConfig config;
  private final Clock clock;
  private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();

  /**
   * @throws IllegalArgumentException naming the key of a setting that makes no sense
   */
  public Breakers(Configuration configuration, Clock clock) {
    this.clock = clock;
    enabled = configuration.flag("caravan.breaker.enabled", true);
    double seconds = Math.max(0.01, configuration.number("caravan.breaker.open-sec", 15));
    open = Duration.ofMillis((long) (seconds * 1000));
    double rate = configuration.number("caravan.breaker.failure-rate", 80);
    if (rate <= 0 || rate > 100) {
      throw new IllegalArgumentException("caravan.breaker.failure-rate must be 1 to 100 (percent)");
    }
    int calls = (int) Math.max(1, configuration.number("caravan.breaker.min-calls", 20));
    config =
        CircuitBreakerConfig.custom()
            .slidingWindowSize(Math.max(WINDOW, calls))
            .minimumNumberOfCalls(calls)
            .failureRateThreshold((float) rate)
            .waitDurationInOpenState(open)
            .permittedNumberOfCallsInHalfOpenState(1)
            .writableStackTraceEnabled(false)
            .clock(clock)
            .build();
  }

  /** The breaker of a target. */
  Breaker of(Target target) {
    var key = target.key();
    var known = breakers.get(key);
    if (known != null) return known;
    var name = breakers.size() < MAX_TARGETS ? key : target.service().name();
    return breakers.computeIfAbsent(name, this::create);
  }

  /** How things stand: each target's state by its name. */
  public Map<String, State> states() {
    var states = new TreeMap<String, State>();
    breakers.forEach((name, breaker) -> states.put(name, breaker.state()));
    return states;
  }

  /** Closes the breaker of that name and forgets its failures; says whether there is one. */
  public boolean reset(String name) {
    var breaker = breakers.get(name);
    if (breaker != null) breaker.reset();
    return breaker != null;
  }

  /** Discovery has seen the service again: what failed before says nothing now. */
  public void recovered(String service) {
    breakers.forEach(
        (name, breaker) -> {
          boolean its = name.equals(service) || name.startsWith(service + "~");
          if (its && breaker.circuit.getState() != State.CLOSED) breaker.reset();
        });
  }

  private Breaker create(String name) {
    return new Breaker(CircuitBreaker.of(name, config));
  }

  /** One target's. */
  final class Breaker {
    private final CircuitBreaker circuit;
    private volatile Instant openUntil = Instant.EPOCH;

    private Breaker(CircuitBreaker circuit) {
      this.circuit = circuit;
    }

    /** Whether no attempt may be made now. Takes no permission. */
    boolean blocks() {
      return enabled && circuit.getState() == State.OPEN && clock.instant().isBefore(openUntil);
    }

    /** Takes the permission for one attempt, to be given back by one of the methods below. */
    boolean permits() {
      return !enabled || circuit.tryAcquirePermission();
    }

    void succeeded() {
      if (enabled) circuit.onSuccess(0, TimeUnit.NANOSECONDS);
    }

    /** One failure counts as so many. */
    void failed(int weight) {
      if (!enabled) return;
      for (int i = 0; i < weight; i++) circuit.onError(0, TimeUnit.NANOSECONDS, FAILURE);
      var now = clock.instant();
      if (circuit.getState() == State.OPEN && openUntil.isBefore(now)) openUntil = now.plus(open);
    }

    /** The attempt says nothing about the target. */
    void released() {
      if (enabled) circuit.releasePermission();
    }

    private void reset() {
      circuit.reset();
      openUntil = Instant.EPOCH;
    }

    /** Until a probe is let through; at least a second. */
    Duration left() {
      var left = Duration.between(clock.instant(), openUntil);
      return left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left;
    }

    /** An open one whose time is over waits for its probe. */
    private State state() {
      var state = circuit.getState();
      return state == State.OPEN && !blocks() ? State.HALF_OPEN : state;
    }
  }
}

package io.caravan.resilience;

import io.caravan.routing.Target;
import io.caravan.settings.Configuration;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A circuit breaker for each target. It opens when many of the latest attempts have failed, lets
 * one probe through after a while, and closes when that one succeeds.
 */
public final class Breakers {

  /** Names of models may be the clients' own where a service's list is not known. */
  private static final int MAX_TARGETS = 1000;

  /** The breaker wants an exception, and does nothing with it. */
  private static final Exception FAILURE = new Exception("an attempt has failed");

  private final Clock clock;
  private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();
  private volatile BreakerSettings settings;

  /**
   * @throws IllegalArgumentException naming the key of a setting that makes no sense
   */
  public Breakers(Configuration configuration, Clock clock) {
    this.clock = clock;
    settings = BreakerSettings.of(configuration);
  }

  /**
   * From now on these settings count.
   *
   * @param isKept whether a service is as it was; what is known of others is forgotten
   */
  public void take(Configuration configuration, Predicate<String> isKept) {
    var next = BreakerSettings.of(configuration);
    boolean same = next.equals(settings);
    settings = next;
    if (same) breakers.keySet().removeIf(name -> !isKept.test(name.replaceFirst("~.*", "")));
    else breakers.clear();
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
    var now = settings;
    return new Breaker(CircuitBreaker.of(name, now.config(clock)), now);
  }

  /** One target's. */
  final class Breaker {
    private final CircuitBreaker circuit;
    private final boolean enabled;
    private final Duration open;
    private volatile Instant openUntil = Instant.EPOCH;

    private Breaker(CircuitBreaker circuit, BreakerSettings settings) {
      this.circuit = circuit;
      enabled = settings.enabled();
      open = settings.open();
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

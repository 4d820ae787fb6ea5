package io.caravan.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Whether a target may be tried: not while its circuit is open, and, as long as there are others,
 * not while it rests because it asked to be left alone.
 */
final class Breaker {

  /** A service may ask for a year by mistake. */
  private static final Duration LONGEST_REST = Duration.ofHours(1);

  /** The circuit wants an exception, and does nothing with it. */
  private static final Exception FAILURE = new Exception("an attempt has failed");

  private final CircuitBreaker circuit;
  private final boolean enabled;
  private final Duration open;
  private final Clock clock;
  private volatile Instant openUntil = Instant.EPOCH;
  private volatile Instant restUntil = Instant.EPOCH;

  Breaker(String name, BreakerSettings settings, Clock clock) {
    circuit = CircuitBreaker.of(name, settings.config(clock));
    enabled = settings.enabled();
    open = settings.open();
    this.clock = clock;
  }

  /** Whether no attempt should be made now. Takes no permission. */
  boolean blocks() {
    return rests() || isOpen();
  }

  /** Whether the target asked to be left alone, and the time is not over. */
  boolean rests() {
    return restUntil != Instant.EPOCH && clock.instant().isBefore(restUntil);
  }

  /** Whether such a time is over, and the target has not answered since. */
  boolean hasRested() {
    return restUntil != Instant.EPOCH && !rests();
  }

  /** Whether its circuit is open, and the time for a probe has not come. */
  boolean isOpen() {
    return enabled && circuit.getState() == State.OPEN && clock.instant().isBefore(openUntil);
  }

  /**
   * Takes the permission for one attempt, to be given back by {@link #succeeded}, {@link #failed}
   * or {@link #released}.
   */
  boolean permits() {
    return !enabled || circuit.tryAcquirePermission();
  }

  /** Whether an attempt that was just permitted is the probe that decides. */
  boolean probes() {
    return enabled && circuit.getState() == State.HALF_OPEN;
  }

  /** An attempt has answered. */
  void succeeded(boolean probe) {
    restUntil = Instant.EPOCH;
    if (decides(probe)) circuit.onSuccess(0, TimeUnit.NANOSECONDS);
  }

  /** One failure counts as so many. */
  void failed(int weight, boolean probe) {
    if (!decides(probe)) return;
    for (int i = 0; i < weight; i++) circuit.onError(0, TimeUnit.NANOSECONDS, FAILURE);
    var now = clock.instant();
    if (circuit.getState() == State.OPEN && openUntil.isBefore(now)) openUntil = now.plus(open);
  }

  /** The attempt says nothing about the target. */
  void released(boolean probe) {
    if (decides(probe)) circuit.releasePermission();
  }

  /** What began before the circuit opened has no say while a probe is under way. */
  private boolean decides(boolean probe) {
    return enabled && (probe || circuit.getState() != State.HALF_OPEN);
  }

  /** The target is to be left alone for a while, an hour at most. */
  void rest(Duration wanted) {
    var time = wanted.compareTo(LONGEST_REST) < 0 ? wanted : LONGEST_REST;
    restUntil = clock.instant().plus(time);
  }

  /** The target's service is there again; its wish to be left alone stands. */
  void recovered() {
    if (circuit.getState() == State.CLOSED) return;
    circuit.reset();
    openUntil = Instant.EPOCH;
  }

  void reset() {
    circuit.reset();
    openUntil = Instant.EPOCH;
    restUntil = Instant.EPOCH;
  }

  /** Until an open circuit lets a probe pass; at least a second. */
  Duration left() {
    var left = Duration.between(clock.instant(), openUntil);
    return left.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : left;
  }

  /** An open one whose time is over waits for its probe. */
  State state() {
    var state = circuit.getState();
    return state == State.OPEN && !isOpen() ? State.HALF_OPEN : state;
  }
}

package io.caravan.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a target may be tried: not while its circuit is open, and, as long as there are others,
 * not while it rests because it asked to be left alone.
 */
final class Breaker {

  /** The circuit wants an exception, and does nothing with it. */
  private static final Exception FAILURE = new Exception("an attempt has failed");

  private final CircuitBreaker circuit;
  private final StreamEnds streams;
  private final boolean enabled;
  private final Duration open;
  private final Clock clock;
  private final Rest rest;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile Instant openUntil = Instant.EPOCH;
  private volatile long lastUse;

  Breaker(String name, BreakerSettings settings, Clock clock) {
    circuit = CircuitBreaker.of(name, settings.config(clock));
    streams = settings.streamEnds();
    enabled = settings.enabled();
    open = settings.open();
    this.clock = clock;
    rest = new Rest(clock);
  }

  /** Whether no attempt should be made now. Takes no permission. */
  boolean blocks() {
    return rest.lasts() || isOpen();
  }

  /** The time for which the target has asked to be left alone. */
  Rest rest() {
    return rest;
  }

  /** Whether its circuit is open, and the time for a probe has not come. */
  boolean isOpen() {
    return enabled && circuit.getState() == State.OPEN && clock.instant().isBefore(openUntil);
  }

  /**
   * Takes the permission for one attempt, to be given back by {@link #succeeded}, {@link #failed}
   * or {@link #released}, and behind that by {@link #leaves}.
   */
  boolean permits() {
    if (enabled && !circuit.tryAcquirePermission()) return false;
    underWay.incrementAndGet();
    lastUse = System.nanoTime();
    return true;
  }

  /** An attempt that was permitted is over. */
  void leaves() {
    underWay.decrementAndGet();
  }

  /** Whether an attempt is under way, or calls are held back now. */
  boolean isInUse() {
    return underWay.get() > 0 || blocks();
  }

  /** Whether something is lost when it is forgotten. */
  boolean knowsFailures() {
    return circuit.getState() != State.CLOSED
        || circuit.getMetrics().getNumberOfFailedCalls() > 0
        || !streams.areWhole();
  }

  /** When an attempt was permitted last, in nanoseconds of {@link System#nanoTime}. */
  long lastUse() {
    return lastUse;
  }

  /** Whether an attempt that was just permitted is the probe that decides. */
  boolean probes() {
    return enabled && circuit.getState() == State.HALF_OPEN;
  }

  /** An attempt has answered, or begun to: a stream's end may be minutes away. */
  void succeeded(boolean probe) {
    rest.forget();
    if (decides(probe)) circuit.onSuccess(0, TimeUnit.NANOSECONDS);
  }

  /** One failure counts as so many. */
  void failed(int weight, boolean probe) {
    if (!decides(probe)) return;
    for (int i = 0; i < weight; i++) circuit.onError(0, TimeUnit.NANOSECONDS, FAILURE);
    var now = clock.instant();
    if (circuit.getState() == State.OPEN && openUntil.isBefore(now)) openUntil = now.plus(open);
  }

  /** An answer that counts already has come to its end. */
  void ended() {
    streams.whole(underWay.get());
  }

  /** An answer that counts already has broken off; one counts as so many. */
  void brokeOff(int weight) {
    int failures = streams.broken(weight, underWay.get());
    if (failures > 0) failed(failures, false);
  }

  /** The attempt says nothing about the target. */
  void released(boolean probe) {
    if (decides(probe)) circuit.releasePermission();
  }

  /** What began before the circuit opened has no say while a probe is under way. */
  private boolean decides(boolean probe) {
    return enabled && (probe || circuit.getState() != State.HALF_OPEN);
  }

  /** The target's service is there again; its wish to be left alone stands. */
  void recovered() {
    if (circuit.getState() != State.CLOSED) close();
  }

  void reset() {
    close();
    rest.forget();
  }

  private void close() {
    circuit.reset();
    streams.reset();
    openUntil = Instant.EPOCH;
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

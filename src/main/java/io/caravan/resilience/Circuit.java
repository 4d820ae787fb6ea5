package io.caravan.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The circuit of a target: open after too many failures, it lets one probe through after a while,
 * and that one decides. How often it has opened in a row is forgotten at the first success: what
 * comes and goes is used as soon as it is there.
 */
final class Circuit {

  /** The circuit wants an exception, and does nothing with it. */
  private static final Exception FAILURE = new Exception("an attempt has failed");

  private final CircuitBreaker circuit;
  private final boolean enabled;
  private final BreakerSettings settings;
  private final int window;
  private final Clock clock;

  /** In a row, up to the window: where it holds nothing else, one more changes nothing. */
  private final AtomicInteger successes = new AtomicInteger();

  private volatile Instant openUntil = Instant.EPOCH;

  Circuit(String name, BreakerSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    circuit = CircuitBreaker.of(name, settings.config(clock, this::opens));
    enabled = settings.enabled();
    window = settings.window();
  }

  /** Whether it is open, and the time for a probe has not come. */
  boolean isOpen() {
    return enabled && circuit.getState() == State.OPEN && clock.instant().isBefore(openUntil);
  }

  /** Takes the permission for one attempt. */
  boolean permits() {
    return !enabled || circuit.tryAcquirePermission();
  }

  /** Whether an attempt that was just permitted is the probe that decides. */
  boolean probes() {
    return enabled && circuit.getState() == State.HALF_OPEN;
  }

  void succeeded(boolean probe) {
    int before = successes.get();
    if (!decides(probe) || !probe && before >= window) return;
    circuit.onSuccess(0, TimeUnit.NANOSECONDS);
    if (probe) successes.set(0); // it is closed now, with a window that holds nothing
    else successes.compareAndSet(before, before + 1);
  }

  /** One failure counts as so many. */
  void failed(int weight, boolean probe) {
    if (!decides(probe)) return;
    for (int i = 0; i < weight; i++) circuit.onError(0, TimeUnit.NANOSECONDS, FAILURE);
    successes.set(0); // behind the failures: those that follow must all be counted
  }

  /** It opens, the so manieth time in a row; returns for how many milliseconds. */
  private long opens(int opening) {
    var wait = settings.open(opening);
    openUntil = clock.instant().plus(wait);
    return wait.toMillis();
  }

  /** Gives a permission back that has shown nothing. */
  void released(boolean probe) {
    if (decides(probe)) circuit.releasePermission();
  }

  /** What began before the circuit opened has no say while a probe is under way. */
  private boolean decides(boolean probe) {
    return enabled && (probe || circuit.getState() != State.HALF_OPEN);
  }

  void close() {
    circuit.reset();
    successes.set(0);
    openUntil = Instant.EPOCH;
  }

  boolean isClosed() {
    return circuit.getState() == State.CLOSED;
  }

  /** Whether something is lost when it is forgotten. */
  boolean knowsFailures() {
    return !isClosed() || circuit.getMetrics().getNumberOfFailedCalls() > 0;
  }

  /** Until it lets a probe pass; at least a second. */
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

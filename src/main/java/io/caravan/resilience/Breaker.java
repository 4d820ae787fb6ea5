package io.caravan.resilience;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether a target may be tried: not while its circuit is open, and, as long as there are others,
 * not while it rests because it asked to be left alone.
 */
final class Breaker {

  private final Circuit circuit;
  private final StreamEnds streams;
  private final Rest rest;
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile long lastUse;
  private volatile long lastAnswer = System.nanoTime();

  Breaker(String name, BreakerSettings settings, Clock clock) {
    circuit = new Circuit(name, settings, clock);
    streams = settings.streamEnds();
    rest = new Rest(clock);
  }

  /** Whether no attempt should be made now. Takes no permission. */
  boolean blocks() {
    return rest.lasts() || circuit.isOpen();
  }

  /** The time for which the target has asked to be left alone. */
  Rest rest() {
    return rest;
  }

  /** Whether its circuit is open, and the time for a probe has not come. */
  boolean isOpen() {
    return circuit.isOpen();
  }

  /**
   * Takes the permission for one attempt, to be given back by {@link #succeeded}, {@link #failed}
   * or {@link #released}, and behind that by {@link #leaves}.
   */
  boolean permits() {
    if (!circuit.permits()) return false;
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
    return circuit.knowsFailures() || !streams.areWhole();
  }

  /** When an attempt was permitted last, in nanoseconds of {@link System#nanoTime}. */
  long lastUse() {
    return lastUse;
  }

  /** Whether an attempt that was just permitted is the probe that decides. */
  boolean probes() {
    return circuit.probes();
  }

  /** An attempt has answered, or begun to: a stream's end may be minutes away. */
  void succeeded(boolean probe) {
    rest.forget();
    lastAnswer = System.nanoTime();
    circuit.succeeded(probe);
  }

  /** Whether one has answered since that {@link System#nanoTime}. */
  boolean hasAnsweredSince(long nanos) {
    return lastAnswer - nanos > 0;
  }

  /** One failure counts as so many. */
  void failed(int weight, boolean probe) {
    circuit.failed(weight, probe);
  }

  /** An answer that counts already has come to its end. */
  void ended() {
    streams.whole(underWay.get());
  }

  /** An answer that counts already has broken off. */
  void brokeOff() {
    int failures = streams.broken(underWay.get());
    if (failures > 0) circuit.failed(failures, false);
  }

  /** The attempt says nothing about the target. */
  void released(boolean probe) {
    circuit.released(probe);
  }

  /** The target's service is there again; its wish to be left alone stands. */
  void recovered() {
    if (!circuit.isClosed()) close();
  }

  void reset() {
    close();
    rest.forget();
  }

  private void close() {
    circuit.close();
    streams.reset();
  }

  /** Until an open circuit lets a probe pass; at least a second. */
  Duration left() {
    return circuit.left();
  }

  /** An open one whose time is over waits for its probe. */
  State state() {
    return circuit.state();
  }
}

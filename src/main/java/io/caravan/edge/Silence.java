package io.caravan.edge;

import io.caravan.catalog.TimeLimits;
import java.time.Duration;

/**
 * For how long a running stream has said nothing. Only events are a sign of life: no half a line
 * that grows byte by byte, no comments, no lines of an event that does not end. Events without
 * content are one only for a while.
 */
final class Silence {

  /** A client that reads nothing for so long is gone, whatever its connection says. */
  private static final Duration MAX_PAUSE = Duration.ofMinutes(5);

  private final TimeLimits limits;
  private final EventEnds events;
  private long lastEvent = System.nanoTime();
  private long lastPiece = lastEvent;
  private boolean paused;

  /**
   * @param byLine whether each line is an event (NDJSON)
   */
  Silence(TimeLimits limits, boolean byLine) {
    this.limits = limits;
    events = new EventEnds(byLine);
  }

  /** It counts from now on. */
  void begins() {
    lastEvent = System.nanoTime();
  }

  /** Bytes have come. */
  void read(byte[] bytes) {
    if (events.read(bytes)) lastEvent = System.nanoTime();
  }

  /** Content has come. */
  void piece() {
    lastPiece = System.nanoTime();
  }

  /** The client cannot take more: a silence is not the service's. */
  void paused() {
    paused = true;
  }

  void resumed() {
    paused = false;
    begins();
    lastPiece = lastEvent;
  }

  /** The limit that counts now. */
  Duration allowed() {
    if (paused) return MAX_PAUSE;
    return tooEmpty() ? limits.whole() : limits.idle();
  }

  /** What is left of it; zero or less if it is over. */
  Duration left() {
    var quiet = allowed().minusNanos(System.nanoTime() - lastEvent);
    if (paused) return quiet;
    var empty = limits.whole().minusNanos(System.nanoTime() - lastPiece);
    return empty.compareTo(quiet) < 0 ? empty : quiet;
  }

  private boolean tooEmpty() {
    return System.nanoTime() - lastPiece > limits.whole().toNanos();
  }
}

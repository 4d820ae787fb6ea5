package io.caravan.edge;

import io.caravan.catalog.TimeLimits;
import io.caravan.edge.LineKinds.Kind;
import java.time.Duration;

/**
 * For how long a running stream has said nothing. Half a line that grows byte by byte is no sign of
 * life, nor are blank ones; comments and lines of an event that does not end are for a while,
 * events without content for longer.
 */
final class Silence {

  /** A client that reads nothing for so long is gone, whatever its connection says. */
  private static final Duration MAX_PAUSE = Duration.ofMinutes(5);

  /** How many limits long comments, and parts of an event, may stand for events. */
  private static final int PARTS = 3;

  private final TimeLimits limits;
  private final LineKinds lines;
  private long lastLine = System.nanoTime();
  private long lastEvent = lastLine;
  private long lastPiece = lastLine;
  private boolean paused;

  /**
   * @param byLine whether each line is an event (NDJSON)
   */
  Silence(TimeLimits limits, boolean byLine) {
    this.limits = limits;
    lines = new LineKinds(byLine);
  }

  /** It counts from now on. */
  void begins() {
    lastLine = System.nanoTime();
    lastEvent = lastLine;
  }

  /** Bytes have come. */
  void read(byte[] bytes) {
    var kind = lines.read(bytes);
    if (kind == Kind.NONE) return;
    lastLine = System.nanoTime();
    if (kind == Kind.EVENT) lastEvent = lastLine;
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
    lastPiece = lastLine;
  }

  /** The limit that counts now. */
  Duration allowed() {
    if (paused) return MAX_PAUSE;
    if (tooEmpty()) return limits.whole();
    return onlyParts() ? forParts() : limits.idle();
  }

  /** What is left of it; zero or less if it is over. */
  Duration left() {
    if (!paused && (tooEmpty() || onlyParts())) return Duration.ZERO;
    return allowed().minusNanos(System.nanoTime() - lastLine);
  }

  private boolean onlyParts() {
    return System.nanoTime() - lastEvent > forParts().toNanos();
  }

  private Duration forParts() {
    return limits.idle().multipliedBy(PARTS);
  }

  private boolean tooEmpty() {
    return System.nanoTime() - lastPiece > limits.whole().toNanos();
  }
}

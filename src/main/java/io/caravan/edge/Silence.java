package io.caravan.edge;

import io.caravan.catalog.TimeLimits;
import java.time.Duration;

/**
 * For how long a running stream has said nothing. Half a line that grows byte by byte is no sign of
 * life, a comment is one, but not for ever: content must come, too.
 */
final class Silence {

  /** A client that reads nothing for so long is gone, whatever its connection says. */
  private static final Duration MAX_PAUSE = Duration.ofMinutes(5);

  private final TimeLimits limits;
  private long lastLine = System.nanoTime();
  private long lastPiece = lastLine;
  private boolean paused;

  Silence(TimeLimits limits) {
    this.limits = limits;
  }

  /** It counts from now on. */
  void begins() {
    lastLine = System.nanoTime();
  }

  /** Bytes have come. */
  void read(byte[] bytes) {
    for (int i = bytes.length - 1; i >= 0; i--) {
      if (bytes[i] != '\n' && bytes[i] != '\r') continue;
      lastLine = System.nanoTime();
      return;
    }
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
    lastLine = System.nanoTime();
    lastPiece = lastLine;
  }

  /** The limit that counts now. */
  Duration allowed() {
    return paused ? MAX_PAUSE : tooEmpty() ? limits.whole() : limits.idle();
  }

  /** What is left of it; zero or less if it is over. */
  Duration left() {
    if (!paused && tooEmpty()) return Duration.ZERO;
    return allowed().minusNanos(System.nanoTime() - lastLine);
  }

  private boolean tooEmpty() {
    return System.nanoTime() - lastPiece > limits.whole().toNanos();
  }
}

package io.caravan.edge;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Bytes that large bodies may take together. As trees they need several times as much, and in a
 * small heap a few at a time would end the process. The eldest of them is always let through.
 */
final class Budget {

  /** Smaller bodies are not counted. */
  static final int LARGE_BYTES = 1 << 20;

  private final long limit;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicReference<Share> eldest = new AtomicReference<>();

  Budget(long limit) {
    this.limit = limit;
  }

  /** A thirty-second part of the largest heap that this process may have. */
  static Budget ofHeap() {
    return new Budget(Runtime.getRuntime().maxMemory() / 32);
  }

  /** Counts the growth of one body, if there is room for it. */
  final class Share {

    private long size;

    /** The body has so many bytes now; false if there is no room for it. */
    boolean grow(long bytes) {
      if (bytes <= LARGE_BYTES) return true;
      boolean first = eldest.compareAndSet(null, this) || eldest.get() == this;
      long all = taken.addAndGet(bytes - size);
      size = bytes;
      return all <= limit || first;
    }

    /** The body is gone. */
    void release() {
      eldest.compareAndSet(this, null);
      taken.addAndGet(-size);
      size = 0;
    }
  }

  Share share() {
    return new Share();
  }
}

package io.caravan.edge;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes that large bodies may take together. As trees they need several times as much, and in a
 * small heap a few at a time would end the process. One at a time is always let through.
 */
final class Budget {

  /** Smaller bodies are not counted. */
  static final int LARGE_BYTES = 1 << 20;

  private final long limit;
  private final AtomicLong taken = new AtomicLong();

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
      long more = bytes - size;
      long all = taken.addAndGet(more);
      size = bytes;
      return all <= limit || all == size;
    }

    /** The body is gone. */
    void release() {
      taken.addAndGet(-size);
      size = 0;
    }
  }

  Share share() {
    return new Share();
  }
}

package io.caravan.edge;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Bytes that bodies may take together for as long as their calls last. As trees they need several
 * times as much, and in a small heap some thousands of small ones, or a few large ones at a time,
 * would end the process. Large ones have a part of their own, and the eldest of them is always let
 * through.
 */
final class Budget {

  /** Larger bodies have a part of their own. */
  static final int LARGE_BYTES = 1 << 20;

  /** A request of text takes 2 to 3 times its bytes, one of many short messages 12 times. */
  private static final int PART = 16;

  private static final int LARGE_PART = 32;

  /** The larger a body, the more it leaves free: those that wait do not keep smaller ones out. */
  private static final int LEFT_FREE = 256;

  private final long limit;
  private final long largeLimit;
  private final int uncounted;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong largeTaken = new AtomicLong();
  private final AtomicReference<Share> eldest = new AtomicReference<>();

  /**
   * @param limit for bodies that are not large, together
   * @param largeLimit for large ones
   * @param uncounted bodies up to so many bytes are not counted
   */
  Budget(long limit, long largeLimit, int uncounted) {
    this.limit = limit;
    this.largeLimit = largeLimit;
    this.uncounted = uncounted;
  }

  /** Parts of the largest heap that this process may have. */
  static Budget ofHeap(int uncounted) {
    long heap = Runtime.getRuntime().maxMemory();
    return new Budget(heap / PART, heap / LARGE_PART, uncounted);
  }

  /** Whether there is room for a body of so many bytes now. */
  boolean fits(long bytes) {
    if (bytes <= LARGE_BYTES) return taken.get() + bytes <= limitFor(bytes);
    return largeTaken.get() + bytes <= largeLimit || eldest.get() == null;
  }

  /** Whether nothing is taken of it. */
  boolean isEmpty() {
    return taken.get() == 0 && largeTaken.get() == 0 && eldest.get() == null;
  }

  private long limitFor(long bytes) {
    return limit - Math.min(limit / 4, bytes * LEFT_FREE);
  }

  Share share() {
    return new Share();
  }

  /** Counts the growth of one body, if there is room for it. */
  final class Share {

    private long size;

    /** See {@link Budget#fits}. */
    boolean fits(long bytes) {
      return Budget.this.fits(bytes);
    }

    /** The body has so many bytes now; false if there is no room for it. */
    boolean grow(long bytes) {
      if (bytes <= uncounted) return true;
      if (bytes > LARGE_BYTES) return growLarge(bytes);
      long all = taken.addAndGet(bytes - size);
      size = bytes;
      return all <= limitFor(bytes);
    }

    private boolean growLarge(long bytes) {
      if (size <= LARGE_BYTES) giveBack();
      boolean first = eldest.compareAndSet(null, this) || eldest.get() == this;
      long all = largeTaken.addAndGet(bytes - size);
      size = bytes;
      return all <= largeLimit || first;
    }

    /** The body is gone. */
    void release() {
      if (eldest.get() == this) eldest.set(null);
      giveBack();
    }

    private void giveBack() {
      if (size > 0) (size > LARGE_BYTES ? largeTaken : taken).addAndGet(-size);
      size = 0;
    }
  }
}

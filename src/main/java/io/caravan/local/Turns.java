package io.caravan.local;

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** Does one thing, never twice at a time, and once more if that is asked for meanwhile. */
final class Turns {

  private final Executor executor;
  private final Runnable turn;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile int seen;

  Turns(Executor executor, Runnable turn) {
    this.executor = executor;
    this.turn = turn;
  }

  /** Has a turn taken, by the executor. */
  void next() {
    if (asked.getAndIncrement() == 0) executor.execute(this::run);
  }

  /** Whether one more turn was asked for since the present one began. */
  boolean hasNext() {
    return asked.get() != seen;
  }

  private void run() {
    seen = asked.get();
    try {
      turn.run();
    } finally {
      if (asked.addAndGet(-seen) > 0) executor.execute(this::run);
    }
  }
}

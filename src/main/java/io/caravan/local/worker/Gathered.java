package io.caravan.local.worker;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;

/**
 * What waits to be handed on. A small model makes thousands of tokens in a second, and each event
 * costs more than its token; so what comes within milliseconds may become one. Not thread-safe.
 */
final class Gathered<T> {

  /** As many events as a film has pictures, in a second: nobody sees the difference. */
  private static final long GAP_NANOS = Duration.ofMillis(40).toNanos();

  private static final ScheduledExecutorService LATER =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "llama-writer");
            thread.setDaemon(true);
            return thread;
          });

  private final Queue<T> waiting = new ArrayDeque<>();
  private final BinaryOperator<T> join;
  private long handedOnAt = System.nanoTime() - GAP_NANOS;
  private boolean timed;

  /**
   * @param join makes one item of two, or null where they have to stay two; null gathers nothing
   */
  Gathered(BinaryOperator<T> join) {
    this.join = join;
  }

  void add(T item) {
    waiting.add(item);
  }

  /** The next item, with all that follows and can be joined to it; null if there is none. */
  T poll() {
    var item = waiting.poll();
    if (item != null) handedOnAt = System.nanoTime();
    while (join != null && item != null && !waiting.isEmpty()) {
      var joined = join.apply(item, waiting.peek());
      if (joined == null) break;
      waiting.poll();
      item = joined;
    }
    return item;
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  void clear() {
    waiting.clear();
  }

  /** Whether it is too early to hand on; then it is done later, at a time that is set once. */
  boolean later(Runnable handOn) {
    if (join == null || timed) return timed;
    long left = handedOnAt + GAP_NANOS - System.nanoTime();
    if (left <= 0) return false;
    timed = true;
    LATER.schedule(handOn, left, TimeUnit.NANOSECONDS);
    return true;
  }

  void timeCame() {
    timed = false;
  }
}

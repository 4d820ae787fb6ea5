package io.caravan.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Calls that are over and not counted yet, a few for each event loop. The loops share the counters,
 * whose memory would go to and fro between the cores: counted many at a time, a call costs a third.
 */
final class Uncounted {

  private static final int MANY = 64;

  /** A power of two; loops that share a batch wait for each other, and nothing is lost. */
  private static final int BATCHES = 64;

  private final Runnable before;
  private final Consumer<CallRecord> counting;
  private final List<List<CallRecord>> batches =
      Stream.<List<CallRecord>>generate(ArrayList::new).limit(BATCHES).toList();

  /**
   * @param before done each time before some are counted
   * @param counting asked by several threads at a time
   */
  Uncounted(Runnable before, Consumer<CallRecord> counting) {
    this.before = before;
    this.counting = counting;
  }

  void add(CallRecord call) {
    var batch = batches.get((int) Thread.currentThread().getId() & BATCHES - 1);
    synchronized (batch) {
      batch.add(call);
      if (batch.size() >= MANY) count(batch);
    }
  }

  /** Counts what is there; afterwards every call that was added before is counted. */
  void count() {
    for (var batch : batches) {
      synchronized (batch) {
        count(batch);
      }
    }
  }

  private void count(List<CallRecord> batch) {
    before.run();
    try {
      batch.forEach(counting);
    } finally {
      batch.clear(); // what cannot be counted must not stay and gather more behind it
    }
  }
}

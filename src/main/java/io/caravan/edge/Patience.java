package io.caravan.edge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;

/**
 * A time limit that an event loop in a rush does not use up: it is counted in slices, each as long
 * as it should have been, so that what has arrived meanwhile is looked at before it is too late.
 */
final class Patience {

  private static final int SLICES = 4;

  private final Vertx vertx;
  private final long sliceMillis;
  private final Runnable late;
  private int left = SLICES;
  private long timer;

  private Patience(Vertx vertx, Duration limit, Runnable late) {
    this.vertx = vertx;
    this.late = late;
    sliceMillis = Math.max(1, limit.toMillis() / SLICES);
  }

  /**
   * Waits from now on, on the event loop that it is called on.
   *
   * @param late runs unless what is waited for is complete before
   */
  static void limit(Vertx vertx, Future<?> awaited, Duration limit, Runnable late) {
    if (awaited.isComplete()) return;
    var patience = new Patience(vertx, limit, late);
    patience.next();
    awaited.onComplete(done -> vertx.cancelTimer(patience.timer));
  }

  private void next() {
    timer =
        vertx.setTimer(
            sliceMillis,
            id -> {
              if (--left > 0) next();
              else late.run();
            });
  }
}

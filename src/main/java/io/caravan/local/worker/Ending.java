package io.caravan.local.worker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The ways in which a worker's process ends. Each admits no more requests first. */
final class Ending {

  private static final Duration DRAIN = Duration.ofSeconds(3);
  private static final Duration CANCEL = Duration.ofSeconds(1);

  private final Slots slots;

  Ending(Slots slots) {
    this.slots = slots;
  }

  void atOnce() {
    slots.close();
    halt();
  }

  /** Lets an answer out that is about to be sent. */
  void soon() {
    slots.close();
    CompletableFuture.delayedExecutor(CANCEL.toMillis(), TimeUnit.MILLISECONDS).execute(this::halt);
  }

  /** Told to end: lets the calls under way finish for a moment. */
  void drained(WorkerServer server) {
    slots.close();
    long end = System.nanoTime() + DRAIN.toNanos();
    while (server.inFlight() > 0 && System.nanoTime() < end) {
      LockSupport.parkNanos(10_000_000);
    }
    halt();
  }

  /**
   * Cancels what runs, then halts: even a halt runs llama.cpp's destructors, and if its own thread
   * still generates then, the process crashes. A normal exit would wait for that thread for ever.
   */
  private void halt() {
    try {
      slots.cancelAll(CANCEL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(0);
  }
}

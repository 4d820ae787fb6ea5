package io.caravan.it;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, never for a time; the time is only when to give up. */
final class Await {

  /** Generous, because the machine that runs the tests is small and shared. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final long PAUSE_NANOS = 5_000_000;

  private Await() {}

  /** Lets a fake service be slow; a test itself never waits for a time. */
  static void time(long millis) {
    LockSupport.parkNanos(millis * 1_000_000);
  }

  static void until(String what, Callable<Boolean> condition) {
    until(what, PATIENCE, condition);
  }

  static void until(String what, Duration atMost, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!met(condition)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within " + atMost.toMillis() + " ms: " + what);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static boolean met(Callable<Boolean> condition) {
    try {
      return condition.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}

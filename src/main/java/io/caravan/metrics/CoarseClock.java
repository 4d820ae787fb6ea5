package io.caravan.metrics;

import io.micrometer.core.instrument.Clock;

/**
 * The time as it was when somebody looked last. Meters ask for it some twenty times for each call,
 * only to know whether a minute is over, and to look costs more than to count.
 */
final class CoarseClock implements Clock {

  private volatile long now = System.currentTimeMillis();

  void look() {
    now = System.currentTimeMillis();
  }

  @Override
  public long wallTime() {
    return now;
  }

  @Override
  public long monotonicTime() {
    return System.nanoTime();
  }
}

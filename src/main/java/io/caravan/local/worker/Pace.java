package io.caravan.local.worker;

import java.time.Duration;

/**
 * How many tokens of a prompt are evaluated in one step. Between two steps a client that left is
 * noticed, and llama.cpp generates for others; so a step shall take no longer than half a second,
 * whatever the model.
 */
final class Pace {

  private static final int LEAST = 32;
  private static final long STEP_NANOS = Duration.ofMillis(400).toNanos();

  private final int most;
  private volatile int step = LEAST;

  /**
   * @param most tokens that llama.cpp takes at a time
   */
  Pace(int most) {
    this.most = most;
  }

  int step() {
    return step;
  }

  /** Learns from a step: its size in tokens and how long it took. */
  void took(int tokens, long nanos) {
    if (tokens < LEAST) return;
    long fitting = tokens * STEP_NANOS / Math.max(1, nanos);
    step = (int) Math.max(LEAST, Math.min(most, Math.min(fitting, step * 4L)));
  }
}

package io.caravan.local;

import java.time.Duration;

/**
 * What bounds the local models.
 *
 * @param load how long a model may take to load
 * @param loaded how many models may be in memory at a time
 * @param waiting how many requests may wait for models
 * @param patience how long a request waits for room
 * @param idle after how long without use a model is unloaded, zero for never
 * @param threads processor cores for each model, 0 for a share of those that there are
 * @param cores processor cores that there are
 */
public record Limits(
    Duration load,
    int loaded,
    int waiting,
    Duration patience,
    Duration idle,
    int threads,
    int cores) {

  /** The usual ones beside these. */
  public Limits(Duration load, int loaded) {
    this(load, loaded, 256, Duration.ofMinutes(1), Duration.ZERO, 0, processors());
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }
}

package io.caravan.access;

/** A token bucket that holds a minute's worth; what was used beyond it is a debt. */
final class Bucket {

  private static final double NANOS = 60e9;
  private static final double ROUNDING = 1e-6;

  private double level = -1;
  private long at;
  private boolean used;

  /**
   * Takes from it if there is enough.
   *
   * @param wanted how much must be there
   * @param taken how much of it is taken at once
   * @param perMinute what flows in
   * @return 0 if it was taken, else the seconds after which there is enough
   */
  synchronized int take(double wanted, double taken, double perMinute, long now) {
    fill(perMinute, now);
    if (level >= wanted) {
      level -= taken;
      return 0;
    }
    return (int) Math.max(1, Math.ceil((wanted - level) / perMinute * 60 - ROUNDING));
  }

  /** Takes more, although it may not be there. */
  synchronized void owe(double amount, double perMinute, long now) {
    fill(perMinute, now);
    level -= amount;
  }

  private void fill(double perMinute, long now) {
    level = used ? Math.min(perMinute, level + (now - at) / NANOS * perMinute) : perMinute;
    used = true;
    at = now;
  }
}

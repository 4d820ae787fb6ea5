package io.caravan.settings;

/** Settings that count something of which there is at least one. */
public final class Counts {

  private Counts() {}

  /**
   * Looks at a setting, if it is set.
   *
   * @throws IllegalArgumentException naming it, if it is not a whole number of 1 or more
   */
  public static void check(Configuration configuration, String key) {
    double count = configuration.number(key, 1);
    if (count >= 1 && count == Math.rint(count)) return;
    throw new IllegalArgumentException(
        key + " must be a whole number of 1 or more, but is " + configuration.get(key));
  }
}

package io.caravan.routing;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** In which order the targets of an alias are tried. */
public enum Strategy {
  /** As they are listed. */
  FAILOVER,
  /** At random, each first as often as its weight says. */
  WEIGHTED,
  /** Each first in its turn. */
  ROUND_ROBIN,
  /** The one with the fewest calls in flight first. */
  LEAST_BUSY,
  /** The one whose first token has come soonest lately first. */
  LOWEST_LATENCY,
  /** The one with the lowest price first. */
  CHEAPEST;

  /**
   * Reads a setting such as {@code round-robin}.
   *
   * @throws IllegalArgumentException naming the key and the strategies that there are
   */
  static Strategy of(String key, String value) {
    for (var each : values()) if (each.word().equals(value)) return each;
    var known = Arrays.stream(values()).map(Strategy::word).collect(Collectors.joining(", "));
    throw new IllegalArgumentException(key + " must be one of " + known + ", but is " + value);
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

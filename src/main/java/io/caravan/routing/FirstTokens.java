package io.caravan.routing;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * How soon each target's first token has come lately. A figure that nothing refreshes is in doubt
 * after a while, as is that of a target that was never asked; then a call tries the target again.
 */
final class FirstTokens {

  /** Names of models may be the clients' own where a service's list is not known. */
  private static final int MAX_TARGETS = 1000;

  /** The least weight of the latest call in the average: some ten calls make it new. */
  private static final double NEW = 0.2;

  /** What a failure counts for at least: the answer has to come from another target. */
  private static final Duration FAILED = Duration.ofSeconds(10);

  private static final long BELIEVED_MILLIS = 30_000;
  private static final long LONGEST_MILLIS = 600_000;
  private static final long NEVER = -LONGEST_MILLIS;

  private final Clock clock;
  private final Map<String, Figure> figures = new ConcurrentHashMap<>();

  FirstTokens(Clock clock) {
    this.clock = clock;
  }

  /**
   * What is known of a target.
   *
   * @param nanos the moving average
   * @param told when an attempt told how it went, in milliseconds
   * @param tried when a call was sent there only to find out
   * @param believed for how many milliseconds it is not in doubt
   */
  private record Figure(double nanos, long told, long tried, long believed) {

    /**
     * The older the average, the less it counts. A try that finds nothing new makes tries rarer.
     */
    Figure with(double latest, long now) {
      double weight = Math.min(1, Math.max(NEW, (now - told) / (double) BELIEVED_MILLIS));
      boolean inVain = tried > told && latest > nanos / 2;
      long next = inVain ? Math.min(2 * believed, LONGEST_MILLIS) : BELIEVED_MILLIS;
      return new Figure(nanos * (1 - weight) + latest * weight, now, tried, next);
    }

    boolean isInDoubt(long now) {
      return now - Math.max(told, tried) >= believed;
    }
  }

  /** The first content of an answer came after this time. */
  void answered(Target target, Duration after) {
    var key = target.unifiedName();
    if (hasNoRoom(key)) return;
    long now = clock.millis();
    double latest = after.toNanos();
    figures.compute(
        key,
        (any, old) ->
            old == null ? new Figure(latest, now, NEVER, BELIEVED_MILLIS) : old.with(latest, now));
  }

  /** An attempt has failed after this time, before any content. */
  void failed(Target target, Duration after) {
    answered(target, after.compareTo(FAILED) > 0 ? after : FAILED);
  }

  /** The moving average in nanoseconds; the highest number there is for a target never asked. */
  double average(Target target) {
    var figure = figures.get(target.unifiedName());
    return figure == null ? Double.MAX_VALUE : figure.nanos;
  }

  /**
   * The target that a call is to try again, since its figure is in doubt; null if there is none.
   * The next call gets the next one, or none. The quickest is asked anyway.
   */
  Target toTry(List<Target> quickestFirst) {
    for (var target : quickestFirst) {
      boolean asked = target == quickestFirst.get(0) && average(target) < Double.MAX_VALUE;
      if (!asked && takesTry(target.unifiedName())) return target;
    }
    return null;
  }

  private boolean takesTry(String key) {
    long now = clock.millis();
    var figure = figures.get(key);
    if (figure == null) {
      var tried = new Figure(Double.MAX_VALUE, NEVER, now, BELIEVED_MILLIS);
      return !hasNoRoom(key) && figures.putIfAbsent(key, tried) == null;
    }
    var tried = new Figure(figure.nanos, figure.told, now, figure.believed);
    return figure.isInDoubt(now) && figures.replace(key, figure, tried);
  }

  /** Forgets services that are not kept as they were. */
  void keep(Predicate<String> isKept) {
    figures.keySet().removeIf(key -> !isKept.test(key.replaceFirst("~.*", "")));
  }

  private boolean hasNoRoom(String key) {
    return figures.size() >= MAX_TARGETS && !figures.containsKey(key);
  }
}

package io.caravan.resilience;

import io.caravan.catalog.Service;
import io.caravan.catalog.TimeLimits;
import io.caravan.resilience.Rules.Recovery;
import io.caravan.settings.Configuration;
import io.caravan.settings.Counts;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The rules of each service as configured: {@code caravan.model.<alias>.<setting>} beats {@code
 * caravan.service.<name>.<setting>} beats the general setting.
 */
public final class RuleBook {

  private volatile Configuration configuration;
  private final Map<List<String>, Known> rules = new ConcurrentHashMap<>();

  /** Rules, and the very service for which they were read: a changed one may have others. */
  private record Known(Service service, Rules rules) {}

  /**
   * @throws IllegalArgumentException naming the key of a general setting that makes no sense
   */
  public RuleBook(Configuration configuration) {
    this.configuration = checked(configuration);
  }

  /**
   * The same configuration, if its general settings make sense.
   *
   * @throws IllegalArgumentException naming the key of one that does not
   */
  public static Configuration checked(Configuration configuration) {
    recovery(configuration.get("caravan.stream.recovery", "continue"));
    Counts.check(configuration, "caravan.retry.max-attempts");
    configuration.number("caravan.retry.budget-sec", 10);
    return configuration;
  }

  /** From now on these settings count, for calls under way too. */
  public void take(Configuration next) {
    configuration = next;
    rules.clear();
  }

  /** The rules for a service when it is called by an alias, or by none (null). */
  Rules of(Service service, String alias) {
    var key = List.of(service.name(), alias == null ? "" : alias);
    var known = rules.get(key);
    if (known != null && known.service == service) return known.rules;
    return rules.compute(key, (any, other) -> new Known(service, read(service, alias))).rules;
  }

  private Rules read(Service service, String alias) {
    var configuration = this.configuration;
    var own = new Own(configuration, service.name(), alias);
    var larger = own.get("larger-context-fallback", "");
    var limits = limits(own, service.limits());
    boolean strictHead = own.get("head-timeout-sec", null) != null;
    boolean strictStream = own.get("first-token-timeout-sec", null) != null;
    return new Rules(
        (int) Math.max(1, own.number("max-attempts", "caravan.retry.max-attempts")),
        millis(own.number("retry-budget-sec", "caravan.retry.budget-sec")),
        limits,
        limits.patient(strictHead, strictStream),
        recovery(own.get("stream-recovery", configuration.get("caravan.stream.recovery"))),
        Arrays.stream(larger.split(",")).map(String::strip).filter(s -> !s.isEmpty()).toList());
  }

  /** The service's limits hold what is set for it; an alias may set others. */
  private static TimeLimits limits(Own own, TimeLimits set) {
    return new TimeLimits(
        own.limit("connect-timeout-ms", 1, set.connect()),
        set.brief(),
        own.limit("head-timeout-sec", 1000, set.head()),
        own.limit("first-token-timeout-sec", 1000, set.firstToken()),
        own.limit("load-timeout-sec", 1000, set.load()),
        own.limit("idle-timeout-sec", 1000, set.idle()),
        own.limit("long-timeout-sec", 1000, set.whole()));
  }

  private static Recovery recovery(String word) {
    try {
      return Recovery.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the recovery of streams must be continue, restart or off, but is " + word, e);
    }
  }

  private static Duration millis(double seconds) {
    return Duration.ofMillis((long) (seconds * 1000));
  }

  /** The settings of one service under one alias. */
  private record Own(Configuration configuration, String service, String alias) {

    String get(String setting, String otherwise) {
      var ofAlias =
          alias == null ? null : configuration.get("caravan.model." + alias + "." + setting);
      if (ofAlias != null) return ofAlias;
      return configuration.get("caravan.service." + service + "." + setting, otherwise);
    }

    double number(String setting, String general) {
      double number = configuration.number(general, 0);
      number = configuration.number("caravan.service." + service + "." + setting, number);
      return alias == null
          ? number
          : configuration.number("caravan.model." + alias + "." + setting, number);
    }

    Duration limit(String setting, int unitMillis, Duration set) {
      if (alias == null) return set;
      double given = configuration.number("caravan.model." + alias + "." + setting, 0);
      return given > 0 ? Duration.ofMillis((long) (given * unitMillis)) : set;
    }
  }
}

package io.caravan.routing;

import io.caravan.settings.Configuration;
import io.caravan.settings.Counts;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names that an operator gives to models: {@code caravan.model.<alias>.targets}. */
public final class Aliases {

  private static final String PREFIX = "caravan.model.";
  private static final String TARGETS = ".targets";

  /** What an alias may set for its own calls, for others to read. */
  private static final List<String> NUMBERS =
      List.of(
          "max-attempts",
          "retry-budget-sec",
          "connect-timeout-ms",
          "head-timeout-sec",
          "first-token-timeout-sec",
          "load-timeout-sec",
          "idle-timeout-sec",
          "long-timeout-sec");

  private final Map<String, Alias> aliases;

  private Aliases(Map<String, Alias> aliases) {
    this.aliases = aliases;
  }

  /**
   * Reads the aliases; each has one or more model names, separated by commas.
   *
   * @throws IllegalArgumentException naming the key of a value that makes no sense
   */
  public static Aliases from(Configuration configuration) {
    var aliases = new LinkedHashMap<String, Alias>();
    configuration
        .under(PREFIX)
        .forEach(
            (key, value) -> {
              if (!key.endsWith(TARGETS)) return;
              var name = key.substring(0, key.length() - TARGETS.length());
              aliases.put(name, alias(configuration, name, value));
            });
    return new Aliases(aliases);
  }

  /** What an alias stands for, or null if there is no such alias. */
  public List<String> get(String alias) {
    var known = aliases.get(alias);
    return known == null ? null : known.targets();
  }

  /** All aliases in configured order. */
  public Collection<String> names() {
    return aliases.keySet();
  }

  /**
   * Which aliases lead nowhere: all their targets name services that there are not.
   *
   * @param services the names of those that there are
   * @return for each a sentence with its name and theirs
   */
  public List<String> astray(Collection<String> services) {
    return aliases.values().stream()
        .filter(alias -> alias.targets().stream().allMatch(target -> isLost(target, services)))
        .map(Aliases::sentence)
        .toList();
  }

  private static boolean isLost(String target, Collection<String> services) {
    int at = target.indexOf('~');
    return at > 0 && !services.contains(target.substring(0, at));
  }

  private static String sentence(Alias alias) {
    var lost = alias.targets().stream().map(target -> target.replaceFirst("~.*", "")).distinct();
    return "The alias '%s' leads nowhere: no service is called %s"
        .formatted(alias.name(), lost.collect(Collectors.joining(", ", "'", "'")));
  }

  /** An alias with all that is set for it, or null. */
  Alias alias(String name) {
    return aliases.get(name);
  }

  private static Alias alias(Configuration configuration, String name, String targets) {
    var prefix = PREFIX + name;
    for (var setting : NUMBERS) configuration.number(prefix + "." + setting, 0);
    Counts.check(configuration, prefix + ".max-attempts");
    var strategy = prefix + ".strategy";
    var all = names(targets);
    if (all.contains(name))
      throw new IllegalArgumentException(
          prefix + TARGETS + " names the alias itself; say which service's model: service~" + name);
    return new Alias(
        name,
        all,
        Strategy.of(strategy, configuration.get(strategy, "failover")),
        weights(configuration, prefix + ".weights", all.size()),
        numbers(configuration, prefix + ".prices"));
  }

  private static List<Double> weights(Configuration configuration, String key, int targets) {
    var weights = numbers(configuration, key);
    if (weights.isEmpty() || weights.size() == targets) return weights;
    throw new IllegalArgumentException(
        "%s must be one number for each of the %d targets".formatted(key, targets));
  }

  private static List<Double> numbers(Configuration configuration, String key) {
    try {
      return names(configuration.get(key, "")).stream().map(Aliases::number).toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(key + " must be numbers of 0 or more, with commas", e);
    }
  }

  private static double number(String text) {
    double number = Double.parseDouble(text);
    if (number >= 0) return number;
    throw new NumberFormatException(text);
  }

  /** The items of a list with commas. */
  static List<String> names(String list) {
    return Stream.of(list.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
  }
}

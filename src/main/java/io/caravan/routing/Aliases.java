package io.caravan.routing;

import io.caravan.settings.Configuration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Names that an operator gives to models: {@code caravan.model.<alias>.targets}. */
public final class Aliases {

  private static final String PREFIX = "caravan.model.";
  private static final String TARGETS = ".targets";

  private final Map<String, List<String>> targets;

  private Aliases(Map<String, List<String>> targets) {
    this.targets = targets;
  }

  /** Reads the aliases; each has one or more model names, separated by commas. */
  public static Aliases from(Configuration configuration) {
    var targets = new LinkedHashMap<String, List<String>>();
    configuration
        .under(PREFIX)
        .forEach(
            (key, value) -> {
              if (!key.endsWith(TARGETS)) return;
              var alias = key.substring(0, key.length() - TARGETS.length());
              targets.put(alias, names(value));
            });
    return new Aliases(targets);
  }

  /** What an alias stands for, or null if there is no such alias. */
  public List<String> get(String alias) {
    return targets.get(alias);
  }

  /** All aliases in configured order. */
  public Collection<String> names() {
    return targets.keySet();
  }

  private static List<String> names(String list) {
    return Stream.of(list.split(",")).map(String::strip).filter(name -> !name.isEmpty()).toList();
  }
}

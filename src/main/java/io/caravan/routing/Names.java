package io.caravan.routing;

import io.caravan.settings.Configuration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the settings say about the names of models, at one moment.
 *
 * @param defaultService asked first for a name without a service, null for none
 * @param defaultModel for requests that name none, null for none
 * @param fallbacks models that stand by for those of a service, by its name
 */
public record Names(
    Aliases aliases,
    String defaultService,
    String defaultModel,
    Map<String, List<String>> fallbacks) {

  private static final String PREFIX = "caravan.service.";
  private static final String FALLBACK = ".fallback";

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming the key of a value that makes no sense
   */
  public static Names of(Configuration configuration) {
    var fallbacks = new HashMap<String, List<String>>();
    configuration
        .under(PREFIX)
        .forEach(
            (key, value) -> {
              if (!key.endsWith(FALLBACK)) return;
              var service = key.substring(0, key.length() - FALLBACK.length());
              fallbacks.put(service, Aliases.names(value));
            });
    return new Names(
        Aliases.from(configuration),
        configuration.get("caravan.default-service"),
        configuration.get("caravan.default-model"),
        Map.copyOf(fallbacks));
  }
}

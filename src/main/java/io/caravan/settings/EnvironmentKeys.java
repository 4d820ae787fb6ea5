package io.caravan.settings;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the setting that an environment variable means. */
final class EnvironmentKeys {

  private static final String SERVICE = "CARAVAN_SERVICE_";

  /** What a service can be told by a variable, although no file names the service. */
  private static final Set<String> SERVICE_SETTINGS =
      Set.of(
          "provider",
          "urls",
          "api-key",
          "api-key-env-var",
          "connect-timeout-ms",
          "short-timeout-sec",
          "first-token-timeout-sec",
          "idle-timeout-sec",
          "long-timeout-sec",
          "verify-cert",
          "enable-discovery",
          "enabled");

  private EnvironmentKeys() {}

  /**
   * The settings that the environment makes. {@code CARAVAN_SERVICE_GPU_BOX_URLS} is {@code
   * caravan.service.gpu-box.urls}: an underscore stands for a dot or a dash, whichever a known key
   * has.
   */
  static Map<String, String> settings(
      Map<String, String> environment, Set<String> someKeys, Set<String> moreKeys) {
    var known =
        Stream.concat(someKeys.stream(), moreKeys.stream())
            .distinct()
            .collect(Collectors.toMap(EnvironmentKeys::variable, key -> key));
    var found = new LinkedHashMap<String, String>();
    environment.forEach(
        (variable, value) -> {
          var key = known.containsKey(variable) ? known.get(variable) : serviceKey(variable);
          if (key != null) found.put(key, value);
        });
    return found;
  }

  private static String serviceKey(String variable) {
    if (!variable.startsWith(SERVICE)) return null;
    var rest = variable.substring(SERVICE.length());
    for (var setting : SERVICE_SETTINGS) {
      var ending = "_" + setting.toUpperCase(Locale.ROOT).replace('-', '_');
      if (rest.length() > ending.length() && rest.endsWith(ending)) {
        var name = rest.substring(0, rest.length() - ending.length());
        if (setting.equals("api-key") || !rest.endsWith("_API_KEY")) {
          return "caravan.service."
              + name.toLowerCase(Locale.ROOT).replace('_', '-')
              + "."
              + setting;
        }
      }
    }
    return null;
  }

  private static String variable(String key) {
    return key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }
}

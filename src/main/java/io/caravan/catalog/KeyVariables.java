package io.caravan.catalog;

import io.caravan.settings.Configuration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which environment variables may hold a service's key. The user's file may name any but Caravan's
 * own; the API only what can be such a key, and one that a Kamelet or the file has for some
 * addresses goes to no others.
 */
record KeyVariables(Configuration configuration, Providers providers) {

  private static final String OWN = "CARAVAN_";
  private static final String USUAL = "(?i)\\w+_(KEY|TOKEN)";

  /**
   * Looks whether a service may have its key from a variable.
   *
   * @param urls where its calls go
   * @throws IllegalArgumentException naming the setting and the remedy
   */
  void check(ServiceSettings service, String variable, List<String> urls) {
    var named = configuration.get(service.key("api-key-env-var")) != null;
    if (variable.regionMatches(true, 0, OWN, 0, OWN.length())) {
      throw new IllegalArgumentException(
          service.key("api-key-env-var")
              + " must not name a variable of Caravan's own: give the key's variable another name");
    }
    if (configuration.isUsers(service.key(""))) return;
    boolean known = providers.all().stream().anyMatch(each -> variable.equals(each.keyVariable()));
    var homes = homes(variable);
    if (homes.isEmpty() && !known && !variable.matches(USUAL)) {
      throw new IllegalArgumentException(
          service.key("api-key-env-var")
              + " must name a variable that ends with _KEY or _TOKEN; caravan.properties may name"
              + " others");
    }
    if (!homes.isEmpty() && !homes.containsAll(origins(urls))) {
      throw new IllegalArgumentException(
          "%s: the environment's %s is for another address%s"
              .formatted(
                  service.key(named ? "api-key-env-var" : "api-key"),
                  variable,
                  ServiceKeys.ELSEWHERE));
    }
  }

  /** Where the Kamelets and the user's file send what is in the variable. */
  private Set<String> homes(String variable) {
    var homes = new HashSet<String>();
    for (var provider : providers.all()) {
      boolean its = variable.equals(provider.keyVariable()) && provider.defaultUrl() != null;
      if (its) homes.addAll(origins(List.of(provider.defaultUrl().split(","))));
    }
    for (var key : configuration.overrides().keySet()) {
      if (!key.startsWith(ServiceSettings.PREFIX) || !key.endsWith(".api-key-env-var")) continue;
      var service = key.substring(0, key.lastIndexOf('.') + 1);
      var urls = configuration.get(service + "urls");
      if (variable.equals(configuration.get(key)) && urls != null)
        homes.addAll(origins(List.of(urls.split(","))));
    }
    return homes;
  }

  /** What is no URL is its own origin; it is refused elsewhere. */
  private static Set<String> origins(List<String> urls) {
    return urls.stream()
        .map(String::strip)
        .filter(url -> !url.isEmpty())
        .map(KeyVariables::origin)
        .collect(Collectors.toSet());
  }

  private static String origin(String url) {
    try {
      return BaseUrl.of(url).origin();
    } catch (IllegalArgumentException e) {
      return url;
    }
  }
}

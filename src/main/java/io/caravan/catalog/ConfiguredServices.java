package io.caravan.catalog;

import io.caravan.settings.Configuration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the settings say about services.
 *
 * @param services those that can be used, in configured order
 * @param problems why others are left out, by their names, each naming the key
 * @param unknown keys that nothing reads, each with what is known of it
 */
public record ConfiguredServices(
    List<Service> services, Map<String, String> problems, List<String> unknown) {

  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredServices.class);

  /**
   * Reads all services; one that is configured wrongly does not hinder the others.
   *
   * @throws IllegalArgumentException naming the key, if what counts for all of them makes no sense
   */
  public static ConfiguredServices read(
      Configuration configuration, Providers providers, Map<String, String> environment) {
    ServiceSettings.checkDefaults(configuration);
    var found = new ConfiguredServices(new ArrayList<>(), new LinkedHashMap<>(), new ArrayList<>());
    configuration.under(ServiceSettings.PREFIX).keySet().stream()
        .filter(key -> key.indexOf('.') > 0)
        .map(key -> key.substring(0, key.indexOf('.')))
        .distinct()
        .forEach(
            name -> found.add(new ServiceSettings(name, configuration, environment), providers));
    return found;
  }

  /** Says in the log what is wrong. */
  public void warn() {
    problems.forEach((name, why) -> LOG.warn("The service '{}' is left out: {}", name, why));
    warn(Set.of());
  }

  /** Says in the log which settings nothing reads, but for those of which it was said before. */
  public void warn(Collection<String> before) {
    for (var each : unknown) if (!before.contains(each)) LOG.warn("The setting {}", each);
  }

  private void add(ServiceSettings settings, Providers providers) {
    try {
      if (!settings.enabled()) return;
      var service = settings.service(providers);
      services.add(service);
      unknown.addAll(ServiceKeys.unknown(settings, service.provider()));
    } catch (IllegalArgumentException e) {
      // LocalAI's and llama-server's usual port is Caravan's: nobody has asked for these two there
      boolean usual = settings.configuration().get(settings.key("urls")) == null;
      if (usual && e.getMessage().endsWith(OwnAddress.SAID)) return;
      problems.put(settings.name(), e.getMessage());
    }
  }
}

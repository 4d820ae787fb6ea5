package io.caravan.live;

import io.caravan.catalog.ServiceSettings;
import io.caravan.settings.Configuration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The layers of settings: what the user's file, environment and command line say, over what the API
 * has stored, over what is in the jar.
 *
 * @param users the settings without those that are stored
 * @param services settings of services that are stored, by their names
 * @param others other settings that are stored
 */
record Layers(
    Configuration users, Map<String, Map<String, String>> services, Map<String, String> others) {

  /** All of it as one; a service that the user's file names is wholly the file's. */
  Configuration effective(UnaryOperator<Configuration> address) {
    var weaker = new LinkedHashMap<>(others);
    services.forEach(
        (name, settings) -> {
          if (!isUsers(name)) {
            settings.forEach((setting, value) -> weaker.put(prefix(name) + setting, value));
          }
        });
    var fixed = address.apply(users);
    return weaker.isEmpty() ? fixed : fixed.over(weaker);
  }

  /** Whether the file, a variable or an option sets anything for a service. */
  boolean isUsers(String service) {
    return users.isUsers(prefix(service));
  }

  Layers users(Configuration others) {
    return new Layers(others, services, this.others);
  }

  /** With other settings for a stored service; null takes it away. */
  Layers with(String service, Map<String, String> settings) {
    var more = new LinkedHashMap<>(services);
    if (settings == null) more.remove(service);
    else more.put(service, settings);
    return new Layers(users, more, others);
  }

  private static String prefix(String service) {
    return ServiceSettings.PREFIX + service + ".";
  }
}

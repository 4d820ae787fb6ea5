package io.caravan.catalog;

import io.caravan.settings.Configuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services, in configured order. Services can be added, replaced and removed while calls run: a
 * reader sees the whole of before or the whole of after.
 */
public final class Services {

  private static final Logger LOG = LoggerFactory.getLogger(Services.class);
  private static final String PREFIX = "caravan.service.";

  private volatile Snapshot snapshot = new Snapshot(Map.of(), 0);

  /** All services at one moment; {@code version} counts the moments. */
  private record Snapshot(Map<String, Service> byName, long version) {}

  public Services(Collection<Service> services) {
    services.forEach(this::put);
  }

  /** Adds a service behind the others, or replaces the one of its name where that stands. */
  public synchronized void put(Service service) {
    var byName = new LinkedHashMap<>(snapshot.byName);
    byName.put(service.name(), service);
    snapshot = new Snapshot(Collections.unmodifiableMap(byName), snapshot.version + 1);
  }

  /** Removes the service of that name, if there is one. */
  public synchronized void remove(String name) {
    var byName = new LinkedHashMap<>(snapshot.byName);
    if (byName.remove(name) == null) return;
    snapshot = new Snapshot(Collections.unmodifiableMap(byName), snapshot.version + 1);
  }

  /** A number that grows with every change. */
  public long version() {
    return snapshot.version;
  }

  /**
   * Makes the services of {@code caravan.service.<name>.*}. One that is configured wrongly is left
   * out, with one line in the log that says why; the others work.
   */
  public static Services from(
      Configuration configuration, Providers providers, Map<String, String> environment) {
    var names = new ArrayList<String>();
    configuration.under(PREFIX).keySet().stream()
        .filter(key -> key.indexOf('.') > 0)
        .map(key -> key.substring(0, key.indexOf('.')))
        .distinct()
        .forEach(names::add);
    var services = new ArrayList<Service>();
    for (var name : names) {
      try {
        var settings = new ServiceSettings(configuration, PREFIX + name + ".", environment);
        if (settings.enabled()) services.add(settings.service(name, providers));
      } catch (IllegalArgumentException e) {
        boolean usual = configuration.get(PREFIX + name + ".urls") == null;
        if (usual && OwnAddress.SAID.equals(e.getMessage())) continue;
        LOG.warn("The service '{}' is left out: {}", name, e.getMessage());
      }
    }
    return new Services(services);
  }

  public Collection<Service> all() {
    return snapshot.byName.values();
  }

  /** The service of that name, or null. */
  public Service get(String name) {
    return snapshot.byName.get(name);
  }

  /** Reads the settings of one service. */
  private record ServiceSettings(
      Configuration configuration, String prefix, Map<String, String> environment) {

    boolean enabled() {
      return configuration.flag(prefix + "enabled", true);
    }

    Service service(String name, Providers providers) {
      if (!name.matches("[A-Za-z0-9][A-Za-z0-9_-]*")) {
        throw new IllegalArgumentException("a name is made of letters, digits, '-' and '_'");
      }
      var provider = configuration.get(prefix + "provider");
      if (provider == null) throw new IllegalArgumentException(prefix + "provider is not set");
      var read = providers.read(provider);
      return Service.of(
          name,
          read,
          urls(read),
          apiKey(read),
          properties(read),
          limits(),
          configuration.flag(prefix + "verify-cert", true),
          configuration.flag(prefix + "enable-discovery", true));
    }

    private List<String> urls(Provider provider) {
      var given = configuration.get(prefix + "urls");
      if (given == null) given = provider.defaultUrl();
      if (given == null) return List.of();
      var urls = Stream.of(given.split(",")).map(String::strip).map(this::url).toList();
      for (var url : urls) {
        if (OwnAddress.of(configuration).is(url))
          throw new IllegalArgumentException(OwnAddress.SAID);
      }
      return urls;
    }

    /** People add {@code /v1} out of habit; the paths of the Kamelets begin with it. */
    private String url(String given) {
      var url = given.replaceFirst("/+$", "").replaceFirst("/v1$", "");
      BaseUrl.of(url);
      return url;
    }

    private String apiKey(Provider provider) {
      var given = configuration.get(prefix + "api-key");
      if (given != null) return given;
      var variable = configuration.get(prefix + "api-key-env-var", provider.keyVariable());
      var value = variable == null ? null : environment.get(variable);
      return value == null || value.isBlank() ? null : value.strip();
    }

    private Map<String, String> properties(Provider provider) {
      var properties = new HashMap<String, String>();
      for (var name : provider.ownProperties()) {
        var kebab = name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        var value = configuration.get(prefix + kebab);
        if (value != null) properties.put(name, value);
      }
      return properties;
    }

    private TimeLimits limits() {
      return new TimeLimits(
          Duration.ofMillis((long) limit("connect-timeout-ms")),
          seconds("short-timeout-sec"),
          seconds("head-timeout-sec"),
          seconds("first-token-timeout-sec"),
          seconds("load-timeout-sec"),
          seconds("idle-timeout-sec"),
          seconds("long-timeout-sec"));
    }

    private Duration seconds(String key) {
      return Duration.ofMillis((long) (limit(key) * 1000));
    }

    private double limit(String key) {
      double general = configuration.number("caravan.limits." + key, 0);
      double limit = configuration.number(prefix + key, general);
      if (limit > 0) return limit;
      throw new IllegalArgumentException(prefix + key + " must be more than 0");
    }
  }
}

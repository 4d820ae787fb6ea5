package io.caravan.catalog;

import io.caravan.settings.Configuration;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The services, in configured order. They are replaced while calls run: a reader sees the whole of
 * before or the whole of after.
 */
public final class Services {

  private volatile Snapshot snapshot;

  /** All services at one moment; {@code version} counts the moments. */
  private record Snapshot(Map<String, Service> byName, long version) {}

  public Services(Collection<Service> services) {
    snapshot = new Snapshot(byName(services), 1);
  }

  /** From now on these are the services; who called for another one before goes on with it. */
  public synchronized void replace(Collection<Service> services) {
    snapshot = new Snapshot(byName(services), snapshot.version + 1);
  }

  private static Map<String, Service> byName(Collection<Service> services) {
    var byName = new LinkedHashMap<String, Service>();
    services.forEach(service -> byName.put(service.name(), service));
    return Collections.unmodifiableMap(byName);
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
    var found = ConfiguredServices.read(configuration, providers, environment);
    found.warn();
    return new Services(found.services());
  }

  public Collection<Service> all() {
    return snapshot.byName.values();
  }

  /** The service of that name, or null. */
  public Service get(String name) {
    return snapshot.byName.get(name);
  }
}

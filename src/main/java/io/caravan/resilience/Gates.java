package io.caravan.resilience;

import io.caravan.settings.Configuration;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The gate of each service; a slow service fills its own and no other. */
public final class Gates {

  private volatile Configuration configuration;
  private final Map<String, Gate> gates = new ConcurrentHashMap<>();
  private final Map<String, Duration> deadlines = new ConcurrentHashMap<>();

  /**
   * @throws IllegalArgumentException naming the key of a general setting that makes no sense
   */
  public Gates(Configuration configuration) {
    this.configuration = checked(configuration);
  }

  /**
   * The same configuration, if its general settings make sense.
   *
   * @throws IllegalArgumentException naming the key of one that does not
   */
  public static Configuration checked(Configuration configuration) {
    configuration.number("caravan.limits.max-concurrent", 4096);
    configuration.number("caravan.limits.max-queue", 1024);
    configuration.number("caravan.limits.queue-timeout-sec", 30);
    return configuration;
  }

  /** From now on these settings count; the gates of services that are no more vanish. */
  public void take(Configuration next, Collection<String> services) {
    configuration = next;
    deadlines.clear();
    gates.keySet().retainAll(services);
    gates.forEach((service, gate) -> gate.resize(places(service), seats(service)));
  }

  Gate of(String service) {
    var gate = gates.get(service);
    return gate != null ? gate : gates.computeIfAbsent(service, this::create);
  }

  /** How long a call may wait for its turn at a service. */
  Duration deadline(String service) {
    return deadlines.computeIfAbsent(
        service, any -> Duration.ofMillis((long) (1000 * setting(service, "queue-timeout-sec"))));
  }

  /** How many calls wait, by service. */
  public Map<String, Integer> waiting() {
    var waiting = new TreeMap<String, Integer>();
    gates.forEach((service, gate) -> waiting.put(service, gate.waiting()));
    return waiting;
  }

  private Gate create(String service) {
    return new Gate(places(service), seats(service));
  }

  private int places(String service) {
    return (int) Math.max(1, setting(service, "max-concurrent"));
  }

  private int seats(String service) {
    return (int) setting(service, "max-queue");
  }

  private double setting(String service, String name) {
    double general = configuration.number("caravan.limits." + name, 0);
    return configuration.number("caravan.service." + service + "." + name, general);
  }
}

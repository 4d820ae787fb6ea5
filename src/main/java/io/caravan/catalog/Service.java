package io.caravan.catalog;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * A named configuration of a provider: {@code ollama}, {@code ollama-gpu2}, {@code work-openai}.
 *
 * @param name as in {@code service~model}; holds no {@code ~}
 * @param provider what its Kamelet says of it
 * @param urls base URLs without {@code /v1}, at least one unless the provider needs none
 * @param apiKey null if there is none
 * @param properties what it sets of its provider's own properties
 * @param verifyCert whether its TLS certificate must be valid
 * @param discovery whether its model list is asked for
 * @param endpoint URI of the Kamelet instance that speaks for it. The instance's name is a route's
 *     id, so it is kept apart from the routes that are there already
 */
public record Service(
    String name,
    Provider provider,
    List<String> urls,
    String apiKey,
    Map<String, String> properties,
    TimeLimits limits,
    boolean verifyCert,
    boolean discovery,
    String endpoint) {

  public Service {
    urls = List.copyOf(urls);
    properties = Map.copyOf(properties);
  }

  /** A service as it is configured. */
  public static Service of(
      String name,
      Provider provider,
      List<String> urls,
      String apiKey,
      Map<String, String> properties,
      TimeLimits limits,
      boolean verifyCert,
      boolean discovery) {
    var options = new StringJoiner("&", "?", "").setEmptyValue("");
    new TreeMap<>(properties).forEach((key, value) -> options.add(key + "=RAW(" + value + ")"));
    var endpoint = "kamelet:" + provider.template() + "/service-" + name + options;
    return new Service(
        name, provider, urls, apiKey, properties, limits, verifyCert, discovery, endpoint);
  }

  /** The same service with another instance of its Kamelet, whose name ends so. */
  public Service instance(String ending) {
    return at(endpoint.replaceFirst("/service-[^?]*", "/service-" + name + ending));
  }

  /** The same service with a Kamelet instance that is there already. */
  public Service at(String instance) {
    return new Service(
        name, provider, urls, apiKey, properties, limits, verifyCert, discovery, instance);
  }

  /** The same service with other time limits, for calls that take their own time. */
  public Service within(TimeLimits other) {
    return new Service(
        name, provider, urls, apiKey, properties, other, verifyCert, discovery, endpoint);
  }

  /** Whether both speak of the same provider at the same place. */
  boolean isAt(Service other) {
    boolean same = provider.name().equals(other.provider.name());
    if (urls.isEmpty() || other.urls.isEmpty()) return same && urls.equals(other.urls);
    return same && urls.get(0).equals(other.urls.get(0));
  }

  /** Why this service cannot be used as it is configured, or null. */
  public String obstacle() {
    if (provider.needsKey() && apiKey == null) return "no API key is configured";
    if (provider.needsUrl() && urls.isEmpty()) return "no URL is configured";
    return null;
  }

  /** Without the key, so that it cannot reach a log by accident. */
  @Override
  public String toString() {
    return "Service[" + name + ", " + provider.name() + ", " + urls + "]";
  }
}

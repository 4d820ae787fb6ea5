package io.caravan.catalog;

import java.util.List;

/**
 * A named configuration of a provider: {@code ollama}, {@code ollama-gpu2}, {@code work-openai}.
 *
 * @param name as in {@code service~model}; holds no {@code ~}
 * @param provider what its Kamelet says of it
 * @param urls base URLs without {@code /v1}, at least one unless the provider needs none
 * @param apiKey null if there is none
 * @param verifyCert whether its TLS certificate must be valid
 * @param discovery whether its model list is asked for
 */
public record Service(
    String name,
    Provider provider,
    List<String> urls,
    String apiKey,
    TimeLimits limits,
    boolean verifyCert,
    boolean discovery) {

  public Service {
    urls = List.copyOf(urls);
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

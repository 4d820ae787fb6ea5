package io.caravan.personal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.BaseUrl;
import io.caravan.catalog.Provider;
import io.caravan.errors.GatewayException.InvalidRequest;

/**
 * A stored secret belongs to the address that it was entered for: who changes the address alone
 * must not learn it there. Pure.
 */
final class SecretPlace {

  private SecretPlace() {}

  /**
   * Looks whether a secret of before would go elsewhere.
   *
   * @param before what was kept; a secret in it that was not entered again is the same node
   * @param now what is to be kept
   * @throws InvalidRequest naming the secret that has to be entered again
   */
  static void check(ObjectNode before, ObjectNode now, Provider provider) {
    if (!provider.needsUrl() || origin(before, provider).equals(origin(now, provider))) return;
    for (var field : now.properties()) {
      var name = field.getKey();
      boolean kept = field.getValue().isObject() && field.getValue().equals(before.get(name));
      if (!kept) continue;
      throw new InvalidRequest(
          ("'config.%s' was stored for another address. Enter it again for this one, or send it empty"
                  + " to go without.")
              .formatted(name),
          "config." + name,
          "secret_of_another_address");
    }
  }

  /** What is no URL is its own origin; it is refused elsewhere. */
  private static String origin(ObjectNode config, Provider provider) {
    var url = config.path("url").asText(provider.defaultUrl());
    try {
      return url == null ? "" : BaseUrl.of(url.strip()).origin();
    } catch (IllegalArgumentException e) {
      return url;
    }
  }
}

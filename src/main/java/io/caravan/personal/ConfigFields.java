package io.caravan.personal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Provider;
import io.caravan.catalog.ServiceKeys;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.Set;

/** Single fields of a {@code config}: what is understood, and what they may hold. Pure. */
final class ConfigFields {

  private static final Set<String> COMMON = Set.of("url", "apiKey", "model");

  private ConfigFields() {}

  /**
   * A configuration without the lists and objects that mean something to other servers only.
   *
   * @param given null if nothing is said
   * @throws InvalidRequest for one in the place of a text that is understood
   */
  static ObjectNode understood(Provider provider, ObjectNode given) {
    if (given == null) return null;
    var plain = Json.object();
    for (var field : given.properties()) {
      var name = field.getKey();
      boolean text = field.getValue().isTextual() || field.getValue().isNull();
      if (COMMON.contains(name) && !text) throw wrong(name, "must be a text");
      if (!field.getValue().isContainerNode()) plain.set(name, field.getValue());
      else if (provider.ownProperties().contains(name)) {
        throw wrong(name, "must be a text or a number");
      }
    }
    return plain;
  }

  static void checkHarmless(String name, String value) {
    if (ServiceKeys.isHarmless(value)) return;
    throw wrong(name, "may hold letters, digits and . _ : / @ + - only");
  }

  static InvalidRequest wrong(String name, String what) {
    return new InvalidRequest(
        "'config." + name + "' " + what + ".", "config." + name, "invalid_value");
  }
}

package io.caravan.personal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.settings.Masked;
import io.caravan.store.Vault;
import java.util.Map;
import java.util.regex.Pattern;

/** The secrets inside of what a user says of a service: sealed where it is kept, masked to see. */
final class Secrets {

  /** A field is a secret by its name, so that one that no form knows is one as well. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?i).*(secret|passw|passphrase|pwd|credential|authorization|bearer|api[_-]?key).*"
              + "|.*(key|token|auth)[_-]?\\d*");

  private static final String SEALED = "sealed";
  private static final String URL = "url";

  private final Vault vault;

  Secrets(Vault vault) {
    this.vault = vault;
  }

  /**
   * What is to be kept: secrets sealed. One that comes back masked, or not at all, is the one of
   * before, and with it comes the address of before where none is named; an empty one is taken
   * away.
   *
   * @param given null if nothing was said
   * @param before null if nothing was kept
   * @throws InvalidRequest for a mask where no secret was kept
   */
  ObjectNode sealed(ObjectNode given, Choice before, String context) {
    var old = before == null || before.isDamaged() ? Json.object() : before.config();
    if (given == null) return old.deepCopy();
    var kept = Json.object();
    for (var field : given.properties()) {
      var value = field.getValue();
      if (value.isNull() || value.asText().isEmpty()) continue;
      boolean secret = isSecret(field.getKey());
      kept.set(field.getKey(), secret ? sealed(field.getKey(), value, old, context) : value);
    }
    boolean stays = false;
    for (var field : old.properties()) {
      if (!field.getValue().isObject()) continue;
      if (!given.has(field.getKey())) kept.set(field.getKey(), field.getValue());
      stays |= field.getValue().equals(kept.get(field.getKey()));
    }
    if (stays && !given.has(URL) && old.has(URL)) kept.set(URL, old.get(URL));
    return kept;
  }

  /** The same with those secrets sealed that somebody has written into the database in clear. */
  ObjectNode closed(ObjectNode config, String context) {
    var closed = Json.object();
    for (var field : config.properties()) {
      var text = field.getValue().asText();
      boolean clear = isClear(field) && !text.isEmpty();
      closed.set(field.getKey(), clear ? seal(field.getKey(), text, context) : field.getValue());
    }
    return closed;
  }

  private static boolean isClear(Map.Entry<String, JsonNode> field) {
    return field.getValue().isValueNode() && isSecret(field.getKey());
  }

  private static boolean isSecret(String name) {
    return SECRET.matcher(name).matches();
  }

  private JsonNode sealed(String name, JsonNode value, ObjectNode old, String context) {
    var text = value.asText();
    if (Masked.isMask(text, null)) {
      if (old.path(name).isObject()) return old.get(name);
      throw new InvalidRequest(
          "'config.%s' is a mask, and there is no secret behind it yet. Send the secret itself."
              .formatted(name),
          "config." + name,
          "invalid_value");
    }
    return seal(name, text, context);
  }

  private JsonNode seal(String name, String text, String context) {
    return Json.object().put(SEALED, vault.seal(text, context + "/" + name));
  }

  /** A field's value; a secret is opened. Null if there is none. */
  String open(ObjectNode config, String name, String context) {
    var value = config.path(name);
    if (value.isMissingNode() || value.isNull()) return null;
    if (!value.isObject()) return value.asText();
    return vault.open(value.path(SEALED).asText(), context + "/" + name);
  }

  /** For people to see: secrets masked. */
  ObjectNode masked(ObjectNode config, String context) {
    var shown = Json.object();
    for (var field : config.properties()) {
      boolean secret = field.getValue().isObject() || isSecret(field.getKey());
      if (secret) shown.put(field.getKey(), Masked.of(open(config, field.getKey(), context)));
      else if (field.getValue().isValueNode()) shown.set(field.getKey(), field.getValue());
    }
    return shown;
  }

  /** Whether two say the same, whatever way their secrets are sealed. */
  boolean same(ObjectNode one, ObjectNode other, String context) {
    if (one.size() != other.size()) return false;
    for (var field : one.properties()) {
      var value = open(one, field.getKey(), context);
      if (!value.equals(open(other, field.getKey(), context))) return false;
    }
    return true;
  }

  /** The same without its secrets. */
  static ObjectNode without(ObjectNode config) {
    var plain = Json.object();
    for (var field : config.properties()) {
      boolean secret = field.getValue().isObject() || isSecret(field.getKey());
      if (!secret) plain.set(field.getKey(), field.getValue());
    }
    return plain;
  }
}

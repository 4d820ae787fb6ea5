package io.caravan.live;

import io.caravan.errors.GatewayException;
import io.caravan.store.Vault;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The keys of stored services: sealed in the database, open in memory. May block. */
public final class StoredKeys {

  private static final String DAMAGED =
      "its row in llm_service_configs is damaged, its settings are no JSON object;"
          + " DELETE /llm/services/%s removes it";

  private final Vault vault;

  public StoredKeys(Vault vault) {
    this.vault = vault;
  }

  /**
   * Services that can be used, and others.
   *
   * @param services settings with keys, by the services' names
   * @param locked why the keys of the others cannot be opened
   */
  record Opened(Map<String, Map<String, String>> services, Map<String, String> locked) {}

  /** Opens all of them; one that does not open hinders no other. */
  Opened open(Map<String, StoredService> stored) {
    var opened = new Opened(new LinkedHashMap<>(), new TreeMap<>());
    stored.forEach(
        (name, service) -> {
          if (service.isDamaged()) {
            opened.locked.put(name, DAMAGED.formatted(name));
            return;
          }
          try {
            opened.services.put(name, with(service.settings(), open(service)));
          } catch (GatewayException e) {
            opened.locked.put(name, e.getMessage());
          }
        });
    return opened;
  }

  /**
   * The key of one, null if it has none.
   *
   * @throws GatewayException.Conflict if it cannot be opened
   */
  String open(StoredService service) {
    var sealed = service.sealedKey();
    return sealed == null ? null : vault.open(sealed, context(service.name()));
  }

  /** The key for the database; null for none. */
  String seal(String service, String key) {
    return key == null ? null : vault.seal(key, context(service));
  }

  /** Settings and key together. */
  static Map<String, String> with(Map<String, String> settings, String key) {
    if (key == null) return settings;
    var all = new LinkedHashMap<>(settings);
    all.put("api-key", key);
    return all;
  }

  private static String context(String service) {
    return "service/" + service;
  }
}

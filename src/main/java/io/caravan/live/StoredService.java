package io.caravan.live;

import java.util.Map;

/**
 * A service that was made by the API, as it is in the database.
 *
 * @param settings all that is set for it but its key, in kebab case
 * @param sealedKey its key, sealed by the vault; null if there is none
 * @param version counts its changes
 */
record StoredService(String name, Map<String, String> settings, String sealedKey, long version) {

  /** One whose row holds no settings that can be read. */
  boolean isDamaged() {
    return settings.isEmpty();
  }

  StoredService {
    settings = Map.copyOf(settings);
  }
}

package io.caravan.live;

import io.caravan.catalog.BaseUrl;
import io.caravan.catalog.Providers;
import io.caravan.errors.GatewayException;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A service's stored secrets belong to the addresses that they were entered for: who changes the
 * addresses alone must not learn them there.
 */
final class KeptSecrets {

  static final String ELSEWHERE = "secret_of_another_address";

  private final Providers providers;

  KeptSecrets(Providers providers) {
    this.providers = providers;
  }

  /**
   * Looks whether a secret would go elsewhere.
   *
   * @param keepsKey whether the key stays as it is
   * @param keepsVariable whether it goes on to come from the variable that was named
   * @throws GatewayException.InvalidRequest naming the secret that has to be sent again
   */
  void check(
      StoredService before, Map<String, String> settings, boolean keepsKey, boolean keepsVariable) {
    if (origins(before.settings()).containsAll(origins(settings))) return;
    if (keepsKey && before.sealedKey() != null) throw again("api-key");
    if (keepsVariable && before.settings().containsKey("api-key-env-var")) throw again("api-key");
    settings.forEach(
        (setting, value) -> {
          boolean same = value != null && value.equals(before.settings().get(setting));
          if (same && SecretSettings.holds(setting)) throw again(setting);
        });
  }

  private static GatewayException.InvalidRequest again(String setting) {
    var field = ServiceRequest.field(setting);
    return new GatewayException.InvalidRequest(
        ("'%s' was stored for another address; send it (or the name of its variable) again with the"
                + " new one, or null to go without.")
            .formatted(field),
        field,
        ELSEWHERE);
  }

  /** Whom the service's calls may reach; the provider's own address where none is set. */
  private Set<String> origins(Map<String, String> settings) {
    var urls = settings.get("urls");
    if (urls == null || urls.isBlank()) urls = usual(settings.get("provider"));
    return Stream.of(urls.split(","))
        .map(String::strip)
        .filter(url -> !url.isEmpty())
        .map(KeptSecrets::origin)
        .collect(Collectors.toSet());
  }

  /** A provider that is not there any more has no address. */
  private String usual(String provider) {
    if (provider == null) return "";
    try {
      var url = providers.read(provider).defaultUrl();
      return url == null ? "" : url;
    } catch (IllegalArgumentException gone) {
      return "";
    }
  }

  /** What is no URL is its own origin; it is refused elsewhere. */
  private static String origin(String url) {
    try {
      return BaseUrl.of(url).origin();
    } catch (IllegalArgumentException e) {
      return url;
    }
  }
}

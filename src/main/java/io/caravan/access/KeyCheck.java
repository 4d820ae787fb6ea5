package io.caravan.access;

import io.caravan.errors.GatewayException.Refused;
import io.caravan.errors.GatewayException.Unavailable;
import java.security.MessageDigest;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * Tells whose key a call shows. Hashes are compared in constant time. An address with too many
 * wrong keys is told so for a minute; who shows a right one from there is let in all the same,
 * since many callers may share the address of a proxy.
 */
public final class KeyCheck {

  private static final String BEARER = "Bearer ";
  private static final int LONGEST = 512;

  private final Keys keys;
  private final byte[] adminHash;
  private final FailedAttempts failures;
  private final Clock clock;
  private final LongSupplier nanos;

  /**
   * @param adminToken the one that the settings give, null for none
   */
  KeyCheck(Keys keys, String adminToken, FailedAttempts failures, Clock clock, LongSupplier nanos) {
    this.keys = keys;
    this.adminHash = adminToken == null ? null : ApiKey.hash(adminToken);
    this.failures = failures;
    this.clock = clock;
    this.nanos = nanos;
  }

  /**
   * Whose call it is.
   *
   * @param authorization the header of that name, null if absent
   * @param apiKey the header {@code x-api-key}, null if absent
   * @param address where the call comes from
   * @throws Refused if there is no valid key
   */
  public Client client(String authorization, String apiKey, String address) {
    var text = text(authorization, apiKey);
    if (text == null) {
      throw Refused.unknown(
          "You didn't provide an API key. Send it as 'Authorization: Bearer KEY' or 'x-api-key: KEY'.");
    }
    var hash = ApiKey.hash(text.length() > LONGEST ? text.substring(0, LONGEST) : text);
    var key = keys.get(ApiKey.idIn(text));
    if (ApiKey.matches(key, hash)) return valid(key);
    if (adminHash != null && MessageDigest.isEqual(adminHash, hash)) return ADMIN;
    int blocked = failures.blockedSeconds(address, nanos.getAsLong());
    if (blocked > 0) {
      throw Refused.limited(
          "Too many wrong API keys came from your address. Try again later.", blocked);
    }
    if (!keys.areKnown())
      throw new Unavailable("The keys cannot be read from the database yet.", 1);
    failures.note(address, hash, nanos.getAsLong());
    throw Refused.unknown("Incorrect API key provided.");
  }

  /** Who shows the token of the settings. */
  static final Client ADMIN = new Client("admin", "admin", Client.Scope.ADMIN, Client.Limits.NONE);

  private Client valid(ApiKey key) {
    if (key.disabled()) throw Refused.unknown("This API key is disabled.");
    if (key.hasExpired(clock.instant())) throw Refused.unknown("This API key has expired.");
    return key.client();
  }

  private static String text(String authorization, String apiKey) {
    boolean bearer =
        authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
    var text = bearer ? authorization.substring(BEARER.length()).strip() : apiKey;
    return text == null || text.isBlank() ? null : text.strip();
  }
}

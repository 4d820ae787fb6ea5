package io.caravan.access;

import io.caravan.access.Client.Limits;
import io.caravan.access.Client.Scope;
import io.caravan.settings.Masked;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/**
 * A key as it is kept: {@code sk-caravan-<id>-<secret>}, of which only the SHA-256 is known. The
 * secret has 256 bits of chance, so a slow hash would protect nothing more.
 *
 * @param mask how it is shown
 */
record ApiKey(
    String id,
    String name,
    Scope scope,
    byte[] hash,
    String mask,
    boolean disabled,
    Limits limits,
    Instant createdAt,
    Instant updatedAt) {

  private static final String PREFIX = "sk-caravan-";
  private static final int ID_CHARS = 12;
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final byte[] NOBODY = hash("");

  static String freshId() {
    var bytes = new byte[ID_CHARS / 2];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** A new key as its client gets it, once. */
  static String freshText(String id) {
    var bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return PREFIX + id + "-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The id inside a key that somebody shows, null if it does not look like one of ours. */
  static String idIn(String text) {
    int end = PREFIX.length() + ID_CHARS;
    boolean ours = text.startsWith(PREFIX) && text.length() > end && text.charAt(end) == '-';
    return ours ? text.substring(PREFIX.length(), end) : null;
  }

  /** This draft as a key of that text. */
  ApiKey issued(String newId, String text, Instant now) {
    return new ApiKey(newId, name, scope, hash(text), Masked.of(text), disabled, limits, now, now);
  }

  static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether the hash is this key's; takes as long if there is no such key. */
  static boolean matches(ApiKey key, byte[] hash) {
    boolean equal = MessageDigest.isEqual(key == null ? NOBODY : key.hash, hash);
    return equal && key != null;
  }

  boolean hasExpired(Instant now) {
    return limits.expiresAt() != null && !now.isBefore(limits.expiresAt());
  }

  boolean opens(Instant now) {
    return !disabled && !hasExpired(now);
  }

  Client client() {
    return new Client(id, name, scope, limits);
  }

  /** Without the hash, so that it cannot reach a log by accident. */
  @Override
  public String toString() {
    return "ApiKey[" + id + ", " + name + ", " + scope + "]";
  }
}

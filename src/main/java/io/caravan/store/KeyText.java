package io.caravan.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** A key of 32 bytes as text: base64, or a passphrase that a key is made of. */
final class KeyText {

  private static final int BYTES = 32;
  private static final int LEAST_CHARS = 16;
  private static final int ROUNDS = 210_000; // OWASP's advice for PBKDF2 with SHA-512

  private KeyText() {}

  /**
   * The bytes of the key.
   *
   * @throws io.caravan.errors.GatewayException if the text is too short to keep anything secret
   */
  static byte[] bytes(String text) {
    if (text.length() < LEAST_CHARS) {
      throw MasterKey.locked(
          "The master key is too short: it must have at least %d characters, better 32 bytes as"
                  .formatted(LEAST_CHARS)
              + " 'openssl rand -base64 32' makes them.");
    }
    try {
      var bytes = Base64.getDecoder().decode(text);
      if (bytes.length == BYTES) return bytes;
    } catch (IllegalArgumentException e) {
      // a passphrase, then
    }
    return derived(text);
  }

  /** The salt need not be secret, only this program's own: there is one such key in a database. */
  private static byte[] derived(String passphrase) {
    var salt = "caravan/master-key/1".getBytes(StandardCharsets.US_ASCII);
    try {
      return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA512")
          .generateSecret(new PBEKeySpec(passphrase.toCharArray(), salt, ROUNDS, BYTES * 8))
          .getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has PBKDF2", e);
    }
  }
}

package io.caravan.store;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.subtle.AesGcmJce;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;

/**
 * The keys that seal secrets: AES-256-GCM by Tink. Outside of memory they are only ever sealed by
 * the master key, so that changing that one changes one row.
 */
final class SealedKeys {

  private static final byte[] PURPOSE = "caravan/vault".getBytes(StandardCharsets.US_ASCII);

  private final KeysetHandle keys;
  private final Aead aead;

  private SealedKeys(KeysetHandle keys) throws GeneralSecurityException {
    this.keys = keys;
    this.aead = keys.getPrimitive(RegistryConfiguration.get(), Aead.class);
  }

  static SealedKeys fresh() throws GeneralSecurityException {
    AeadConfig.register();
    return new SealedKeys(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM));
  }

  /**
   * Opens what {@link #sealedBy} made.
   *
   * @throws GeneralSecurityException if it was made with another master key
   */
  static SealedKeys open(String sealed, byte[] master) throws GeneralSecurityException {
    AeadConfig.register();
    try {
      var bytes = Base64.getDecoder().decode(sealed);
      return new SealedKeys(
          TinkProtoKeysetFormat.parseEncryptedKeyset(bytes, new AesGcmJce(master), PURPOSE));
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException("the row of the vault is damaged", e);
    }
  }

  /** These keys as text that only the master key opens. */
  String sealedBy(byte[] master) throws GeneralSecurityException {
    return Base64.getEncoder()
        .encodeToString(
            TinkProtoKeysetFormat.serializeEncryptedKeyset(keys, new AesGcmJce(master), PURPOSE));
  }

  /** These keys and a new one, which seals from now on. */
  SealedKeys withNewKey() throws GeneralSecurityException {
    var fresh = KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM);
    return new SealedKeys(
        KeysetHandle.newBuilder(keys).addEntry(fresh.withRandomId().makePrimary()).build());
  }

  byte[] seal(byte[] secret, byte[] context) throws GeneralSecurityException {
    return aead.encrypt(secret, context);
  }

  byte[] open(byte[] sealed, byte[] context) throws GeneralSecurityException {
    return aead.decrypt(sealed, context);
  }
}

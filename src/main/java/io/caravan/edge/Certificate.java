package io.caravan.edge;

import io.caravan.settings.Configuration;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/**
 * The server's certificate and its key, as PEM files that may change.
 *
 * @param certificate with those behind it
 */
public record Certificate(Path certificate, Path key) {

  private static final String CERTIFICATE = "caravan.server.tls-certificate";
  private static final String KEY = "caravan.server.tls-key";

  /** Vert.x would read files for the options; ours hold what is in them. */
  private static final Vertx NO_FILES = null;

  /**
   * As the settings say; null for plain HTTP.
   *
   * @throws IllegalArgumentException if only one of them is given, one cannot be read, or the key
   *     is not the certificate's
   */
  static Certificate of(Configuration configuration) {
    var certificate = configuration.get(CERTIFICATE);
    var key = configuration.get(KEY);
    if (certificate == null && key == null) return null;
    if (certificate == null) throw new IllegalArgumentException(CERTIFICATE + " is not set");
    if (key == null) throw new IllegalArgumentException(KEY + " is not set");
    var pair = new Certificate(readable(CERTIFICATE, certificate), readable(KEY, key));
    try {
      check(pair.read());
      return pair;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "%s and %s cannot be used: %s".formatted(CERTIFICATE, KEY, e.getMessage()), e);
    }
  }

  private static Path readable(String setting, String file) {
    if (Files.isReadable(Path.of(file))) return Path.of(file);
    throw new IllegalArgumentException(setting + " is a file that cannot be read: " + file);
  }

  /**
   * Looks whether a certificate can be used, and the key is its own: the server would take any two,
   * and then fail every client.
   *
   * @throws GeneralSecurityException saying what is wrong
   */
  static void check(PemKeyCertOptions pem) throws GeneralSecurityException {
    for (var manager : keys(pem).getKeyManagers()) {
      if (!(manager instanceof X509KeyManager keys)) continue;
      for (var alias : aliases(keys)) {
        var shown = keys.getCertificateChain(alias)[0].getPublicKey();
        if (!fits(keys.getPrivateKey(alias), shown)) {
          throw new GeneralSecurityException("the key is not the certificate's");
        }
      }
    }
  }

  /**
   * What a server needs of a certificate.
   *
   * @throws GeneralSecurityException if it is none
   */
  static KeyManagerFactory keys(PemKeyCertOptions pem) throws GeneralSecurityException {
    try {
      return pem.getKeyManagerFactory(NO_FILES);
    } catch (Exception e) {
      throw new GeneralSecurityException(e.getMessage(), e);
    }
  }

  private static List<String> aliases(X509KeyManager keys) {
    return Stream.of("RSA", "EC", "EdDSA")
        .map(type -> keys.getServerAliases(type, null))
        .filter(Objects::nonNull)
        .flatMap(Stream::of)
        .distinct()
        .toList();
  }

  /** What the one signs the other must verify. */
  private static boolean fits(PrivateKey key, PublicKey shown) throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(shown.getAlgorithm())) return false;
    boolean edwards = key.getAlgorithm().startsWith("Ed");
    boolean curve = key.getAlgorithm().equals("EC");
    var signature =
        Signature.getInstance(edwards ? "EdDSA" : curve ? "SHA256withECDSA" : "SHA256withRSA");
    signature.initSign(key);
    signature.update((byte) 1);
    var signed = signature.sign();
    signature.initVerify(shown);
    signature.update((byte) 1);
    return signature.verify(signed);
  }

  /** What the files hold now; may block. */
  PemKeyCertOptions read() throws IOException {
    return new PemKeyCertOptions()
        .setCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
        .setKeyValue(Buffer.buffer(Files.readAllBytes(key)));
  }
}

package io.caravan.edge;

import io.caravan.settings.Configuration;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The server's certificate and its key, as PEM files that may change.
 *
 * @param certificate with those behind it
 */
public record Certificate(Path certificate, Path key) {

  private static final String CERTIFICATE = "caravan.server.tls-certificate";
  private static final String KEY = "caravan.server.tls-key";

  /**
   * As the settings say; null for plain HTTP.
   *
   * @throws IllegalArgumentException if only one of them is given, or one cannot be read
   */
  static Certificate of(Configuration configuration) {
    var certificate = configuration.get(CERTIFICATE);
    var key = configuration.get(KEY);
    if (certificate == null && key == null) return null;
    if (certificate == null) throw new IllegalArgumentException(CERTIFICATE + " is not set");
    if (key == null) throw new IllegalArgumentException(KEY + " is not set");
    return new Certificate(readable(CERTIFICATE, certificate), readable(KEY, key));
  }

  private static Path readable(String setting, String file) {
    if (Files.isReadable(Path.of(file))) return Path.of(file);
    throw new IllegalArgumentException(setting + " is a file that cannot be read: " + file);
  }

  /** What the files hold now; may block. */
  PemKeyCertOptions read() throws IOException {
    return new PemKeyCertOptions()
        .setCertValue(Buffer.buffer(Files.readAllBytes(certificate)))
        .setKeyValue(Buffer.buffer(Files.readAllBytes(key)));
  }
}

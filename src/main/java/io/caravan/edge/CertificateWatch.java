package io.caravan.edge;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the servers take a new certificate for new connections when its files have changed. */
final class CertificateWatch {

  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
  private static final long EVERY_MS = 2000;

  private final Vertx vertx;
  private final Certificate certificate;
  private final PresentCertificate present;
  private PemKeyCertOptions seen;
  private PemKeyCertOptions suspect;
  private int unread;

  /**
   * @throws IOException if the files cannot be read, or hold nothing that can be used
   */
  CertificateWatch(Vertx vertx, Certificate certificate) throws IOException {
    this.vertx = vertx;
    this.certificate = certificate;
    seen = certificate.read();
    try {
      present = new PresentCertificate(Certificate.keys(seen));
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificate cannot be used: " + e.getMessage(), e);
    }
  }

  /** Has a server's connections get the present certificate. */
  synchronized void install(HttpServerOptions http) {
    http.setSsl(true).setKeyCertOptions(seen).setSslEngineOptions(present);
  }

  /** Begins to look; ends with Vert.x. */
  void start() {
    vertx.setPeriodic(EVERY_MS, id -> vertx.executeBlocking(this::look, false));
  }

  private synchronized Void look() {
    try {
      var now = certificate.read();
      unread = 0;
      if (!now.equals(seen)) take(now);
    } catch (IOException e) { // a file that is being replaced is there at the next look
      if (++unread == 2)
        LOG.error("The certificate or its key cannot be read, the old one stays: {}", e.toString());
    }
    return null;
  }

  /** Two files are not replaced in one moment: what is wrong counts if it is so twice. */
  private void take(PemKeyCertOptions now) {
    try {
      Certificate.check(now);
      present.use(Certificate.keys(now));
      seen = now;
      LOG.info("The changed certificate is used for new connections");
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      if (now.equals(suspect)) {
        seen = now;
        LOG.error("The changed certificate cannot be used, the old one stays: {}", e.getMessage());
      }
      suspect = now;
    }
  }
}

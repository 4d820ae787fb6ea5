package io.caravan.edge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.SSLOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the servers take a new certificate for new connections when its files have changed. */
final class CertificateWatch {

  private static final Logger LOG = LoggerFactory.getLogger(CertificateWatch.class);
  private static final long EVERY_MS = 2000;

  private final Vertx vertx;
  private final Certificate certificate;
  private final Queue<HttpServer> servers = new ConcurrentLinkedQueue<>();
  private PemKeyCertOptions seen;
  private PemKeyCertOptions suspect;

  /**
   * @throws IOException if the files cannot be read
   */
  CertificateWatch(Vertx vertx, Certificate certificate) throws IOException {
    this.vertx = vertx;
    this.certificate = certificate;
    seen = certificate.read();
  }

  /** The certificate to begin with. */
  synchronized PemKeyCertOptions certificate() {
    return seen;
  }

  void add(HttpServer server) {
    servers.add(server);
  }

  /** Begins to look; ends with Vert.x. */
  void start() {
    vertx.setPeriodic(EVERY_MS, id -> vertx.executeBlocking(this::look, false));
  }

  private synchronized Void look() {
    PemKeyCertOptions now;
    try {
      now = certificate.read();
    } catch (IOException beingReplaced) {
      return null;
    }
    if (now.equals(seen) || !isUsable(now)) return null;
    seen = now;
    Future.all(servers.stream().map(server -> update(server, now)).toList())
        .onSuccess(done -> LOG.info("The changed certificate is used for new connections"))
        .onFailure(this::stays);
    return null;
  }

  /** Two files are not replaced in one moment: what is wrong counts if it is so twice. */
  private boolean isUsable(PemKeyCertOptions now) {
    try {
      Certificate.check(now);
      return true;
    } catch (GeneralSecurityException | RuntimeException e) { // Vert.x throws the latter
      if (now.equals(suspect)) {
        seen = now;
        stays(e);
      }
      suspect = now;
      return false;
    }
  }

  private void stays(Throwable why) {
    LOG.error("The changed certificate cannot be used, the old one stays: {}", why.getMessage());
  }

  private static Future<?> update(HttpServer server, PemKeyCertOptions pem) {
    return server.updateSSLOptions(new SSLOptions().setKeyCertOptions(pem));
  }
}

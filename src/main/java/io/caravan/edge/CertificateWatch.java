package io.caravan.edge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.SSLOptions;
import java.io.IOException;
import java.nio.file.attribute.FileTime;
import java.util.List;
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
  private List<FileTime> seen;

  CertificateWatch(Vertx vertx, Certificate certificate) {
    this.vertx = vertx;
    this.certificate = certificate;
  }

  void add(HttpServer server) {
    servers.add(server);
  }

  /** Begins to look; ends with Vert.x. */
  void start() {
    try {
      seen = certificate.stamp();
    } catch (IOException e) {
      LOG.debug("The certificate's files cannot be looked at", e);
    }
    vertx.setPeriodic(EVERY_MS, id -> vertx.executeBlocking(this::look, false));
  }

  private synchronized Void look() throws IOException {
    List<FileTime> now;
    try {
      now = certificate.stamp();
    } catch (IOException beingReplaced) {
      return null;
    }
    if (now.equals(seen)) return null;
    seen = now;
    Future.all(servers.stream().map(this::update).toList())
        .onSuccess(done -> LOG.info("The changed certificate is used for new connections"))
        .onFailure(
            e ->
                LOG.error(
                    "The changed certificate cannot be used: {}; the old one stays",
                    e.getMessage()));
    return null;
  }

  private Future<?> update(HttpServer server) {
    return server.updateSSLOptions(new SSLOptions().setKeyCertOptions(certificate.pem()));
  }
}

package io.caravan.edge;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The connections to services: one pool that verifies certificates, one that does not. */
final class UpstreamClients {

  /** A stream holds its connection, so this bounds the running streams of one service's URL. */
  private static final int MAX_CONNECTIONS_PER_URL = 8192;

  private static final int MAX_WAITING_PER_URL = 1024;

  private final Vertx vertx;
  private final HttpClient verifying;
  private final HttpClient trusting;
  private final Set<HttpConnection> used = ConcurrentHashMap.newKeySet();
  private final Budget budget = Budget.ofHeap();
  private volatile boolean closed;

  UpstreamClients(Vertx vertx) {
    this.vertx = vertx;
    verifying = client(new HttpClientOptions());
    trusting = client(new HttpClientOptions().setTrustAll(true).setVerifyHost(false));
  }

  HttpClient client(boolean verifyCert) {
    return verifyCert ? verifying : trusting;
  }

  /** The loop to use for a call that did not come in over HTTP. */
  Context anyLoop() {
    return vertx.getOrCreateContext();
  }

  /** What whole answers may take together. */
  Budget budget() {
    return budget;
  }

  Vertx vertx() {
    return vertx;
  }

  /** Notes that a request goes over this connection; says whether one did before. */
  boolean isReused(HttpConnection connection) {
    return !used.add(connection);
  }

  /** Whether the gateway is ending, and no call can be made any more. */
  boolean closed() {
    return closed;
  }

  void close() {
    closed = true;
    verifying.close();
    trusting.close();
  }

  private HttpClient client(HttpClientOptions options) {
    options.setKeepAliveTimeout(60).setTcpNoDelay(true).setDecompressionSupported(false);
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(
            new PoolOptions()
                .setHttp1MaxSize(MAX_CONNECTIONS_PER_URL)
                .setMaxWaitQueueSize(MAX_WAITING_PER_URL))
        .withConnectHandler(connection -> connection.closeHandler(v -> used.remove(connection)))
        .build();
  }
}

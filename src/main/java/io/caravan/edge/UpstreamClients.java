package io.caravan.edge;

import io.caravan.access.UrlGuard;
import io.caravan.access.UrlGuard.Reach;
import io.caravan.errors.GatewayException;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.PoolOptions;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections to services: for each event loop one pool that verifies certificates and one that
 * does not. So both connections of a call, to its client and to its service, are one thread's, and
 * what happens on them happens in order.
 */
final class UpstreamClients {

  /** A stream holds its connection, so this bounds the running streams of one service's URL. */
  private static final int MAX_CONNECTIONS_PER_URL = 8192;

  private static final int MAX_WAITING_PER_URL = 1024;

  private static final int MAX_HOSTS = 1000;

  /** A socket takes as much at once, so that such answers are held by no client. */
  private static final int SMALL_BYTES = 16 << 10;

  private final Vertx vertx;
  private final Map<String, Reach> hosts = new ConcurrentHashMap<>();
  private final Map<Thread, HttpClient> verifying = new ConcurrentHashMap<>();
  private final Map<Thread, HttpClient> trusting = new ConcurrentHashMap<>();
  private final Map<HttpConnection, Long> used = new ConcurrentHashMap<>();
  private final Budget budget = Budget.ofHeap(SMALL_BYTES);
  private volatile boolean closed;

  UpstreamClients(Vertx vertx) {
    this.vertx = vertx;
  }

  /** The pool of the event loop that this runs on. */
  HttpClient client(boolean verifyCert) {
    var loop = Thread.currentThread();
    return verifyCert
        ? verifying.computeIfAbsent(loop, thread -> client(new HttpClientOptions()))
        : trusting.computeIfAbsent(loop, thread -> client(trustingOptions()));
  }

  private static HttpClientOptions trustingOptions() {
    return new HttpClientOptions().setTrustAll(true).setVerifyHost(false);
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

  /**
   * Notes that a request goes over this connection.
   *
   * @return nanoseconds since the one before it began, -1 if there was none
   */
  long sinceLastUse(HttpConnection connection) {
    long now = System.nanoTime();
    var before = used.put(connection, now);
    return before == null ? -1 : now - before;
  }

  /**
   * Whether a new connection may be used: its address is what a name leads to now, whatever it led
   * to when it was configured.
   *
   * @param far whether it must not lead to this machine and its networks
   */
  boolean mayUse(HttpConnection connection, boolean far) {
    var address = connection.remoteAddress().hostAddress();
    if (address == null) return !far;
    return isAllowed(UrlGuard.reach(address), far);
  }

  /** Whether a host may be connected to; a name is judged when it has led somewhere. */
  boolean mayCall(String host, boolean far) {
    var reach = hosts.get(host);
    if (reach == null) {
      if (hosts.size() >= MAX_HOSTS) hosts.clear();
      reach = UrlGuard.reach(host);
      hosts.put(host, reach);
    }
    return isAllowed(reach, far);
  }

  private static boolean isAllowed(Reach reach, boolean far) {
    return far ? reach == Reach.FAR : reach != Reach.NEVER;
  }

  /** Whether the gateway is ending, and no call can be made any more. */
  boolean closed() {
    return closed;
  }

  static GatewayException shuttingDown() {
    return new GatewayException.Unavailable("Caravan is shutting down.", 5);
  }

  void close() {
    closed = true;
    verifying.values().forEach(HttpClient::close);
    trusting.values().forEach(HttpClient::close);
  }

  private void connected(HttpConnection connection) {
    InterimFilter.install(connection);
    connection.closeHandler(v -> used.remove(connection));
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
        .withConnectHandler(this::connected)
        .build();
  }
}

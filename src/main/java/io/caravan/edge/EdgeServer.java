package io.caravan.edge;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * Listens: one HTTP server on each of several event loops, all on one port, so that a call and all
 * that belongs to it stay on one thread. Camel's own server has one loop and fixed options (4.18.0,
 * {@code VertxPlatformHttpServer#startServer}).
 */
final class EdgeServer {

  private static final int MAX_HEADER_BYTES = 32 << 10;
  private static final int MAX_URL_BYTES = 8 << 10;
  private static final int CLOSE_SECONDS = 5;

  private final Vertx vertx;
  private final ServerOptions options;
  private final Turns turns;
  private final Router router;
  private final HeadCheck head;
  private final Opening opening;
  private Future<String> deployment;
  private CertificateWatch watch;
  private volatile int port;
  private volatile boolean stopping;

  /**
   * @param door who may come in; null for everyone
   */
  EdgeServer(Vertx vertx, ServerOptions options, EdgeErrors errors, Door door) {
    this.vertx = vertx;
    this.options = options;
    turns = new Turns(vertx, options.limits().idle());
    router = Router.router(vertx);
    opening = new Opening(router);
    head = new HeadCheck(errors, door);
    errors.install(router);
    if (door != null) door.install(router);
  }

  /** Where routes announce themselves, before and after the port is open. */
  Router router() {
    return router;
  }

  /** Whose turn it is on each connection. */
  Turns turns() {
    return turns;
  }

  /** The port that is open, which is another than the one asked for if that was 0. */
  int port() {
    return port == 0 ? options.port() : port;
  }

  /**
   * Begins to listen; those who come already wait until it is {@link #open}.
   *
   * @throws IOException if the certificate cannot be read
   */
  void listen() throws IOException {
    var certificate = options.certificate();
    if (certificate != null) watch = new CertificateWatch(vertx, certificate);
    var instances = new DeploymentOptions().setInstances(options.loops());
    deployment = vertx.deployVerticle(Listener::new, instances);
  }

  /**
   * Lets in who comes; until all routes are there ({@link #complete}), nobody is told of none.
   *
   * @throws IOException if nobody can listen there
   */
  void open() throws IOException {
    if (deployment == null) listen();
    try {
      deployment.toCompletionStage().toCompletableFuture().join();
      if (watch != null) watch.start();
      opening.open();
    } catch (CompletionException e) {
      var address = options.host() + ":" + options.port();
      throw new IOException("cannot listen on " + address + ": " + e.getCause().getMessage(), e);
    }
  }

  /** All routes are there: what none of them takes can be refused. */
  void complete() {
    opening.complete();
  }

  /** From now on nobody is let in, whatever routes there still are. */
  void stopping() {
    stopping = true;
  }

  /** Closes the port and what is still connected, and waits for it, for a bounded time. */
  void close() {
    if (deployment == null) return;
    deployment
        .compose(vertx::undeploy)
        .toCompletionStage()
        .toCompletableFuture()
        .completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private HttpServerOptions http() {
    var http = new HttpServerOptions();
    if (watch != null) watch.install(http);
    return http.setHost(options.host())
        .setPort(port())
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setMaxInitialLineLength(MAX_URL_BYTES)
        .setHttp2ClearTextEnabled(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }

  /** One event loop's share of the connections. */
  private final class Listener extends AbstractVerticle {

    @Override
    public void start(Promise<Void> started) {
      var http = http();
      HttpServer server = vertx.createHttpServer(http);
      server
          .connectionHandler(connection -> watch(connection, http))
          .invalidRequestHandler(InvalidHttp::answer)
          .requestHandler(request -> opening.pass(request, context, this::handle))
          .listen()
          .onSuccess(open -> port = open.actualPort())
          .<Void>mapEmpty()
          .onComplete(started);
    }

    private void watch(HttpConnection connection, HttpServerOptions http) {
      FramingDecoder.install(connection, http);
      turns.watch(connection);
    }

    private void handle(HttpServerRequest request) {
      if (!head.passes(request)) return;
      if (stopping) LastWords.answer(request);
      else router.handle(request);
    }
  }
}

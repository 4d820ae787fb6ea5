package io.caravan.edge;

import io.caravan.errors.GatewayException;
import io.caravan.routing.Target;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import java.net.SocketException;
import java.util.concurrent.TimeoutException;

/**
 * One request to a service, from connecting until its answer is there or has begun to stream. All
 * of it runs on one event loop; it ends exactly once, by an answer, a failure, a time limit or the
 * client's leaving.
 */
final class UpstreamCall {

  /** No server that keeps connections closes them sooner. */
  private static final long STALE_NANOS = 1_000_000_000L;

  private final UpstreamClients clients;
  private final Vertx vertx;
  private final Context loop;
  private final Target target;
  private final UpstreamRequest request;
  private final UpstreamAnswer answer;
  private final CallTimer timer;
  private HttpClientRequest running;
  private boolean mayBeStale;
  private boolean retried;
  private boolean over;

  UpstreamCall(
      UpstreamClients clients,
      Context loop,
      Target target,
      UpstreamRequest request,
      UpstreamAnswer answer) {
    this.clients = clients;
    this.vertx = clients.vertx();
    this.loop = loop;
    this.target = target;
    this.request = request;
    this.answer = answer;
    timer = new CallTimer(vertx, request, target, this::fail);
  }

  void start() {
    if (over) return;
    timer.begin();
    connect();
  }

  /** The client has left: end the request, also on the service's side. */
  void cancel() {
    EdgeContext.run(loop, () -> fail(new GatewayException.Cancelled()));
  }

  private void connect() {
    if (clients.closed()) {
      fail(UpstreamClients.shuttingDown());
      return;
    }
    var options = request.options();
    if (!clients.mayCall(options.getHost(), request.far())) {
      fail(ConnectFailure.forbidden(target));
      return;
    }
    var connecting = clients.client(target.service().verifyCert()).request(options);
    Patience.limit(
        vertx,
        connecting,
        target.limits().connect(),
        () -> fail(ConnectFailure.of(target, new TimeoutException(), retried)));
    connecting.onComplete(
        connected -> {
          if (connected.failed()) fail(ConnectFailure.of(target, connected.cause(), retried));
          else send(connected.result());
        });
  }

  private void send(HttpClientRequest connected) {
    // what fails comes with the response too; unheard, it is logged
    connected.exceptionHandler(failure -> {});
    if (over) {
      connected.reset();
      return;
    }
    running = connected;
    long idle = clients.sinceLastUse(connected.connection());
    mayBeStale = idle > STALE_NANOS && !request.once();
    boolean known = idle >= 0 && !request.far();
    if (!known && !clients.mayUse(connected.connection(), request.far())) {
      connected.connection().close();
      fail(ConnectFailure.forbidden(target));
      return;
    }
    request.headers().forEach(connected::putHeader);
    connected
        .response()
        .onComplete(
            head -> {
              if (head.failed()) closed(head.cause());
              else if (!over) receive(head.result());
            });
    UpstreamBody.send(vertx, request, connected, this::fail);
  }

  private void receive(HttpClientResponse response) {
    if (request.streamed() && UpstreamStream.isStream(response)) {
      over = true;
      timer.over();
      var service = target.service();
      var left = timer.left(request.limit());
      answer.streams(
          response, new UpstreamStream(clients, service.name(), response, target.limits(), left));
      return;
    }
    var share = answer.counted(clients.budget().share());
    var body = new BodyCollector(response, share, this::fail, bytes -> whole(response, bytes));
    timer.watch(body);
    body.collect();
  }

  private void whole(HttpClientResponse response, byte[] body) {
    if (over) return;
    over = true;
    timer.over();
    answer.whole(response, body);
  }

  /**
   * A pooled connection may have been closed by the service just as it was taken (uvicorn closes
   * idle ones after 5 s): that one case is tried again on another connection, once. A connection in
   * busy use is not stale: there the service has closed on this very request.
   */
  private void closed(Throwable cause) {
    boolean gone = cause instanceof HttpClosedException || cause instanceof SocketException;
    if (gone && mayBeStale && !retried && !over) {
      retried = true;
      connect();
      return;
    }
    fail(clients.closed() ? UpstreamClients.shuttingDown() : ConnectFailure.closedEarly(target));
  }

  private void fail(RuntimeException failure) {
    if (over) return;
    over = true;
    timer.over();
    if (running != null) running.reset();
    answer.fails(failure);
  }
}

package io.caravan.edge;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;

/**
 * Holds requests that come before their routes: the port listens early, and some routes start when
 * others answer already. Nobody is told of a missing route before all are there.
 */
final class Opening {

  private final Promise<Void> opened = Promise.promise();
  private final Promise<Void> complete = Promise.promise();
  private final Router router;
  private volatile boolean done;

  Opening(Router router) {
    this.router = router;
  }

  /** From now on requests for routes that are there go on. */
  void open() {
    opened.tryComplete();
  }

  /** All routes are there. */
  void complete() {
    complete.tryComplete();
    opened.future().onSuccess(now -> done = true);
  }

  /** Handles the request now, or on the same event loop when it is time. */
  void pass(HttpServerRequest request, Context loop, Handler<HttpServerRequest> handler) {
    if (done) {
      handler.handle(request);
      return;
    }
    var time = opened.future().compose(now -> timeFor(request));
    if (time.isComplete()) {
      handler.handle(request);
      return;
    }
    request.pause();
    time.onSuccess(now -> loop.runOnContext(turn -> resume(request, handler)));
  }

  private Future<Void> timeFor(HttpServerRequest request) {
    var all = complete.future();
    return all.isComplete() || hasRoute(request) ? opened.future() : all;
  }

  private static void resume(HttpServerRequest request, Handler<HttpServerRequest> handler) {
    handler.handle(request);
    request.resume();
  }

  /** One for another method of the path is none: who asks for a list would be told to POST. */
  private boolean hasRoute(HttpServerRequest request) {
    return router.getRoutes().stream()
        .filter(route -> route.methods() == null || route.methods().contains(request.method()))
        .anyMatch(route -> EdgeErrors.matches(route, request.path()));
  }
}

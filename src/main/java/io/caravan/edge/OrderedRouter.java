package io.caravan.edge;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * A path with a wildcard takes only what no other path takes, in whatever order routes start:
 * {@code /v1/models/*} would take {@code /v1/models} too (Vert.x Web 4.5, "Routing by paths that
 * begin with something").
 */
final class OrderedRouter extends VertxPlatformHttpRouter {

  private static final int LAST = 1_000_000;

  OrderedRouter(Vertx vertx, Router router) {
    super(null, vertx, router, PLATFORM_HTTP_ROUTER_NAME_ZERO);
  }

  @Override
  public Route route(String path) {
    var route = super.route(path);
    return path.endsWith("*") ? route.order(LAST - path.length()) : route;
  }
}

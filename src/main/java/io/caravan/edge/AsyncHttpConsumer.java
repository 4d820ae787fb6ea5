package io.caravan.edge;

import io.caravan.access.Audit;
import io.caravan.access.Client;
import io.caravan.access.Entrance;
import io.vertx.ext.web.RoutingContext;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;

/** Takes the requests of one route; each becomes an {@link InboundCall}. */
final class AsyncHttpConsumer extends VertxPlatformHttpConsumer {

  /** Who asks for what is in flight is not counted in it. */
  private static final String METRICS = "/metrics";

  /** Who only looks on runs no call; how many may look on has a limit of its own. */
  private static final String EVENTS = "/api/events";

  private final AsyncHttpEngine engine;
  private final Entrance entrance;
  private final boolean guarded;
  private final boolean audited;
  private final boolean counted;
  private final boolean running;
  private volatile String route;

  AsyncHttpConsumer(
      PlatformHttpEndpoint endpoint, Processor processor, AsyncHttpEngine engine, String router) {
    super(endpoint, processor, engine.getHandlers(), router);
    this.engine = engine;
    entrance = Entrance.of(endpoint.getPath());
    guarded = engine.door() != null && engine.door().guards(entrance);
    counted = !endpoint.getPath().equals(METRICS);
    running = !endpoint.getPath().equals(EVENTS);
    audited = engine.audit() != null && Audit.concerns(endpoint.getPath(), methods(endpoint));
  }

  @Override
  protected void handleRequest(RoutingContext ctx) {
    if (isSuspended()) {
      EdgeErrors.shuttingDown(ctx.response());
      return;
    }
    if (guarded && !engine.door().admits(ctx, entrance, running)) return;
    Exchange exchange = createExchange(false);
    if (guarded) exchange.setVariable(Client.VARIABLE, ctx.get(Client.VARIABLE));
    if (audited) Audit.from(exchange, ctx.request().remoteAddress().hostAddress());
    exchange.setPattern(ExchangePattern.InOnly); // the answer is the message: no second one is made
    if (counted) engine.count(1);
    new InboundCall(this, ctx, exchange).start();
  }

  private static String methods(PlatformHttpEndpoint endpoint) {
    return endpoint.getHttpMethodRestrict();
  }

  AsyncHttpEngine engine() {
    return engine;
  }

  /** The id of the route that starts here; Camel tells it only to the consumer around this one. */
  String route() {
    if (route == null) {
      route =
          getEndpoint().getCamelContext().getRoutes().stream()
              .filter(candidate -> candidate.getEndpoint() == getEndpoint())
              .map(candidate -> candidate.getRouteId())
              .findFirst()
              .orElse(getEndpoint().getPath());
    }
    return route;
  }

  /** Runs the route; the callback may come on any thread. */
  void run(Exchange exchange, AsyncCallback callback) {
    try {
      createUoW(exchange);
    } catch (Exception e) {
      exchange.setException(e);
      callback.done(true);
      return;
    }
    if (audited) Audit.begin(exchange);
    getAsyncProcessor().process(exchange, callback);
  }

  /** The call is over in every respect. */
  void ended(Exchange exchange, int status) {
    if (counted) engine.count(-1);
    if (audited) engine.audit().ended(exchange, route(), status);
    if (guarded && running)
      engine.door().leave(exchange.getVariable(Client.VARIABLE, Client.class));
    doneUoW(exchange);
    releaseExchange(exchange, false);
  }
}

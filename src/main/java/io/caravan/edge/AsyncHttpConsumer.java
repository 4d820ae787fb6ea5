package io.caravan.edge;

import io.vertx.ext.web.RoutingContext;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;

/** Takes the requests of one route; each becomes an {@link InboundCall}. */
final class AsyncHttpConsumer extends VertxPlatformHttpConsumer {

  private final AsyncHttpEngine engine;
  private volatile String route;

  AsyncHttpConsumer(
      PlatformHttpEndpoint endpoint, Processor processor, AsyncHttpEngine engine, String router) {
    super(endpoint, processor, engine.getHandlers(), router);
    this.engine = engine;
  }

  @Override
  protected void handleRequest(RoutingContext ctx) {
    if (isSuspended()) {
      engine.errors().shuttingDown(ctx);
      return;
    }
    Exchange exchange = createExchange(false);
    exchange.setPattern(ExchangePattern.InOnly); // the answer is the message: no second one is made
    engine.count(1);
    new InboundCall(this, ctx, exchange).start();
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
    getAsyncProcessor().process(exchange, callback);
  }

  /** The call is over in every respect. */
  void ended(Exchange exchange) {
    engine.count(-1);
    doneUoW(exchange);
    releaseExchange(exchange, false);
  }
}

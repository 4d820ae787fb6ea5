package io.caravan.edge;

import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/** Takes the requests of one route; each becomes an {@link InboundCall}. */
final class AsyncHttpConsumer extends VertxPlatformHttpConsumer {

  private final AtomicInteger inFlight;
  private final EdgeErrors errors;
  private final String routerName;
  private volatile String route;

  AsyncHttpConsumer(
      PlatformHttpEndpoint endpoint,
      Processor processor,
      List<Handler<RoutingContext>> handlers,
      String routerName,
      AtomicInteger inFlight,
      EdgeErrors errors) {
    super(endpoint, processor, handlers, routerName);
    this.routerName = routerName;
    this.inFlight = inFlight;
    this.errors = errors;
  }

  @Override
  protected void doStart() throws Exception {
    super.doStart();
    var router = VertxPlatformHttpRouter.lookup(getEndpoint().getCamelContext(), routerName);
    errors.install((Router) router.getServer().getServer().requestHandler());
  }

  @Override
  protected void handleRequest(RoutingContext ctx) {
    if (isSuspended()) {
      errors.shuttingDown(ctx);
      return;
    }
    Exchange exchange = createExchange(false);
    exchange.setPattern(ExchangePattern.InOut);
    inFlight.incrementAndGet();
    new InboundCall(this, ctx, exchange).start();
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
    inFlight.decrementAndGet();
    doneUoW(exchange);
    releaseExchange(exchange, false);
  }
}

package io.caravan.edge;

import io.caravan.resilience.CallLoop;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.apache.camel.Exchange;

/** The event loop that serves a call's client. */
public final class VertxCallLoop implements CallLoop {

  private final Vertx vertx;

  public VertxCallLoop(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public Runnable later(Exchange exchange, Duration delay, Runnable action) {
    var known = exchange.getProperty(EdgeContext.PROPERTY, Context.class);
    var loop = known == null ? vertx.getOrCreateContext() : known;
    if (delay.isZero()) {
      loop.runOnContext(v -> action.run());
      return () -> {};
    }
    long timer = vertx.setTimer(Math.max(1, delay.toMillis()), id -> EdgeContext.run(loop, action));
    return () -> vertx.cancelTimer(timer);
  }
}

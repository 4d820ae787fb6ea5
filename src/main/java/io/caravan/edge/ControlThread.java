package io.caravan.edge;

import io.vertx.core.Vertx;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/** Leaves the event loop: the first step of a route that may block, such as on the database. */
public final class ControlThread extends AsyncProcessorSupport {

  private final Vertx vertx;

  public ControlThread(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    OwnThread.leave(vertx, () -> callback.done(false));
    return false;
  }
}

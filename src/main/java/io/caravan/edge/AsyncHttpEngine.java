package io.caravan.edge;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.apache.camel.component.platform.http.PlatformHttpEndpoint;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;

/**
 * A {@code platform-http} engine that parks no thread: the stock one holds a worker for as long as
 * a call takes, and buffers streams (Camel 4.18.0, {@code
 * VertxPlatformHttpConsumer#handleRequest}). Bound in the registry as {@code platform-http-engine}.
 */
public final class AsyncHttpEngine extends VertxPlatformHttpEngine {

  private final AtomicInteger inFlight = new AtomicInteger();
  private final EdgeErrors errors;

  /**
   * @param maxBodyBytes the largest request body, named in the 413 answer
   */
  public AsyncHttpEngine(long maxBodyBytes) {
    errors = new EdgeErrors(maxBodyBytes);
  }

  /** Calls that have come in and are not wholly answered, or whose work is not yet ended. */
  public int inFlight() {
    return inFlight.get();
  }

  @Override
  public PlatformHttpConsumer createConsumer(PlatformHttpEndpoint endpoint, Processor processor) {
    var router = VertxPlatformHttpRouter.getRouterNameFromPort(getServerPort());
    return new AsyncHttpConsumer(endpoint, processor, getHandlers(), router, inFlight, errors);
  }
}

package io.caravan.edge;

import io.vertx.core.Context;
import io.vertx.core.Vertx;

/**
 * The event loop of a call. Both of its connections, to the client and to the service, are served
 * by this one loop, so a streamed event changes no thread.
 */
final class EdgeContext {

  /** Exchange property that holds the call's Vert.x context. */
  static final String PROPERTY = "CaravanEdgeContext";

  private EdgeContext() {}

  /** Runs the action on the loop: at once if this is its thread already. */
  static void run(Context loop, Runnable action) {
    if (Vertx.currentContext() == loop && Context.isOnEventLoopThread()) action.run();
    else loop.runOnContext(v -> action.run());
  }
}

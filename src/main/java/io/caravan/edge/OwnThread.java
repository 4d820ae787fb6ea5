package io.caravan.edge;

import io.caravan.routing.Target;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.shareddata.Shareable;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/**
 * Goes on on a worker thread if the next step may block: on the event loop all other calls would
 * wait for it. A call without a target reads files. Shipped Kamelets never block; one that somebody
 * dropped in may run a script that takes seconds to compile.
 */
public final class OwnThread extends AsyncProcessorSupport {

  private static final String THREADS = "kamelet-threads";

  /** As many as all that is Caravan's own shares. */
  private static final int EACH = 20;

  private final Vertx vertx;

  public OwnThread(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    if (mayStay(target)) {
      callback.done(true);
      return true;
    }
    leave(vertx, target, () -> callback.done(false));
    return false;
  }

  /** Whether the target's Kamelet may run on the present thread. */
  static boolean mayStay(Target target) {
    boolean shipped = target != null && target.service().provider().shipped();
    return shipped || !Context.isOnEventLoopThread();
  }

  /**
   * Runs the action on a worker thread. A Kamelet that was dropped in has a few of its own: one
   * that blocks them all is in nobody else's way.
   */
  static void leave(Vertx vertx, Target target, Runnable action) {
    if (target == null || target.service().provider().shipped()) {
      leave(vertx, action);
      return;
    }
    var provider = target.service().provider().name();
    vertx
        .sharedData()
        .<String, Threads>getLocalMap(THREADS)
        .computeIfAbsent(provider, name -> Threads.of(vertx, name))
        .executor
        .executeBlocking(
            () -> {
              action.run();
              return null;
            },
            false);
  }

  private record Threads(WorkerExecutor executor) implements Shareable {
    static Threads of(Vertx vertx, String provider) {
      return new Threads(vertx.createSharedWorkerExecutor("kamelet-" + provider, EACH));
    }
  }

  /** Runs the action on a worker thread. */
  static void leave(Vertx vertx, Runnable action) {
    vertx.executeBlocking(
        () -> {
          action.run();
          return null;
        },
        false);
  }
}

package io.caravan.edge;

import io.caravan.errors.GatewayException;
import io.caravan.routing.Target;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Consumer;

/** How long one request to a service may take: until the head, and then until the whole answer. */
final class CallTimer {

  private final Vertx vertx;
  private final UpstreamRequest request;
  private final Target target;
  private final Consumer<RuntimeException> late;
  private long began;
  private long timer = -1; // Vert.x counts from 0
  private boolean over;

  /**
   * @param late takes the failure, unless it is {@link #over} before
   */
  CallTimer(Vertx vertx, UpstreamRequest request, Target target, Consumer<RuntimeException> late) {
    this.vertx = vertx;
    this.request = request;
    this.target = target;
    this.late = late;
  }

  void begin() {
    began = System.nanoTime();
    var strict = target.limits().streamHead();
    boolean stricter = request.streamed() && strict.compareTo(request.limit()) < 0;
    var head = stricter ? strict : request.limit();
    timer = vertx.setTimer(Math.max(1, head.toMillis()), id -> timeOut(head));
  }

  /** The head is there: the body may be silent for as long, and take so long in all. */
  void watch(BodyCollector body) {
    if (over) return;
    vertx.cancelTimer(timer);
    var left = left(request.whole());
    var patience = request.limit().minus(body.silence());
    if (left.isNegative()) timeOut(request.whole());
    else if (patience.isNegative()) timeOut(request.limit());
    else {
      var next = left.compareTo(patience) < 0 ? left : patience;
      timer = vertx.setTimer(next.toMillis() + 1, id -> watch(body));
    }
  }

  /** What is left of a limit that counts from the beginning. */
  Duration left(Duration limit) {
    return limit.minusNanos(System.nanoTime() - began);
  }

  /** Nothing is waited for any more. */
  void over() {
    over = true;
    vertx.cancelTimer(timer);
  }

  private void timeOut(Duration limit) {
    late.accept(
        new GatewayException.TimedOut(
            "The service `%s` did not answer within %s."
                .formatted(target.service().name(), ConnectFailure.inSeconds(limit))));
  }
}

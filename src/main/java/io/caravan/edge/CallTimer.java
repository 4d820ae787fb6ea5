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
  private BodyCollector body;
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
    var head = request.streamed() ? shorter(strict, request.limit()) : request.limit();
    var first = request.streamed() ? head : shorter(head, request.whole());
    timer = vertx.setTimer(Math.max(1, first.toMillis()), id -> look(first));
  }

  /** The head is there: the body may be silent for as long, and take so long in all. */
  void watch(BodyCollector begun) {
    body = begun; // most are there before the timer comes to look at them
  }

  private void look(Duration limit) {
    if (over) return;
    if (body == null) {
      timeOut(limit);
      return;
    }
    var left = left(request.whole());
    var patience = request.limit().minus(body.silence());
    var blank = blank().minus(body.blank());
    if (left.isNegative()) timeOut(request.whole());
    else if (patience.isNegative()) timeOut(request.limit());
    else if (blank.isNegative()) timeOut(blank());
    else {
      var next = shorter(left, shorter(patience, blank));
      timer = vertx.setTimer(next.toMillis() + 1, id -> look(limit));
    }
  }

  /** White space is no answer yet: another target, if one stands by, is not kept waiting by it. */
  private Duration blank() {
    var first = target.limits().firstToken(); // that of the whole call where nobody stands by
    return first.compareTo(request.limit()) > 0 ? first : request.limit();
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

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void timeOut(Duration limit) {
    late.accept(
        new GatewayException.TimedOut(
            "The service `%s` did not answer within %s."
                .formatted(target.service().name(), ConnectFailure.inSeconds(limit))));
  }
}

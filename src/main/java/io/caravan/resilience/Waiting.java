package io.caravan.resilience;

import io.caravan.errors.GatewayException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;

/** One wait of a call, which ends once: by its time, its turn, or the client's leaving. */
final class Waiting {

  private final Exchange exchange;
  private final CallLoop loop;
  private final AsyncCallback callback;
  private final AtomicBoolean over = new AtomicBoolean();

  Waiting(Exchange exchange, CallLoop loop, AsyncCallback callback) {
    this.exchange = exchange;
    this.loop = loop;
    this.callback = callback;
  }

  /** Waits for a time. */
  void until(Duration time, Runnable then) {
    var timer = loop.later(exchange, time, () -> once(then));
    NextAttempt.cancellation(exchange)
        .onCancel(
            () -> {
              timer.run();
              once(this::leave);
            });
  }

  /** Waits for a place behind a gate, or until it is too late; false if the line is full. */
  boolean inLine(Gate gate, Duration deadline, Runnable then, Runnable tooLate) {
    var ended = new Runnable[1];
    Runnable admitted =
        () ->
            loop.later(
                exchange,
                Duration.ZERO,
                () -> {
                  ended[0].run();
                  if (!once(then)) gate.leave();
                });
    ended[0] =
        loop.later(
            exchange,
            deadline,
            () -> {
              if (gate.giveUp(admitted)) once(tooLate);
            });
    if (!gate.line(admitted)) {
      ended[0].run();
      return false;
    }
    NextAttempt.cancellation(exchange)
        .onCancel(
            () -> {
              ended[0].run();
              gate.giveUp(admitted);
              once(this::leave);
            });
    return true;
  }

  private boolean once(Runnable action) {
    if (!over.compareAndSet(false, true)) return false;
    action.run();
    return true;
  }

  private void leave() {
    exchange.setException(new GatewayException.Cancelled());
    callback.done(false);
  }
}

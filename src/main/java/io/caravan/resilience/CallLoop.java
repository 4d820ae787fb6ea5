package io.caravan.resilience;

import java.time.Duration;
import org.apache.camel.Exchange;

/** The event loop of a call, as the place and the time to go on with it. */
@FunctionalInterface
public interface CallLoop {

  /**
   * Runs an action on the call's loop after a while; with no delay as soon as what runs now is
   * done.
   *
   * @return takes the action back if it has not begun
   */
  Runnable later(Exchange exchange, Duration delay, Runnable action);
}

package io.caravan.edge;

import java.time.Duration;
import org.apache.camel.Exchange;

/** Hears of every call of a route when it is over in every respect. Must not block. */
@FunctionalInterface
public interface CallListener {

  /** A call is over. The exchange is still whole. */
  void ended(Exchange exchange, Figures figures);

  /**
   * What the edge has seen of a call.
   *
   * @param route id of the route that served it
   * @param status the answer's, {@link #CLIENT_LEFT} if the client left before it was whole
   * @param bytes of the answer's body
   * @param duration from the request's head to the answer's last byte
   */
  record Figures(String route, int status, long bytes, Duration duration) {

    /** What stands in the place of a status where nobody waited for one. */
    static final int CLIENT_LEFT = 499;

    /** Whether the client left before the answer was whole. */
    public boolean clientLeft() {
      return status == CLIENT_LEFT;
    }
  }
}

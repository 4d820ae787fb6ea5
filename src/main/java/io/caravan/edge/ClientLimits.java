package io.caravan.edge;

import io.caravan.settings.Configuration;
import java.time.Duration;

/**
 * How long a client may keep a connection waiting.
 *
 * @param idle silence while it is the client's turn: before a request, between two of them, and
 *     inside the body of one
 * @param body from a request's head to the end of its body, more for what comes fast enough
 * @param unread nothing taken of an answer that waits to be sent
 */
public record ClientLimits(Duration idle, Duration body, Duration unread) {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** The usual limits, but for that of an idle connection. */
  static ClientLimits idling(Duration idle) {
    return new ClientLimits(idle, MINUTE, MINUTE);
  }

  static ClientLimits of(Configuration configuration) {
    return new ClientLimits(
        seconds(configuration, "caravan.server.idle-timeout-sec", 75),
        seconds(configuration, "caravan.server.body-timeout-sec", 60),
        seconds(configuration, "caravan.server.unread-timeout-sec", 60));
  }

  private static Duration seconds(Configuration configuration, String key, int otherwise) {
    double seconds = configuration.number(key, otherwise);
    if (seconds > 0) return Duration.ofMillis(Math.max(1, (long) (seconds * 1000)));
    throw new IllegalArgumentException(key + " must be more than 0");
  }
}

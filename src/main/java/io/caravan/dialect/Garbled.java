package io.caravan.dialect;

import io.caravan.streaming.ServerEvent;

/**
 * Events of one stream that are no JSON objects. A few may be passed over behind its first word;
 * before that another attempt costs nothing.
 */
final class Garbled {

  /** One line may be garbled; a stream of garbled lines is no answer. */
  private static final int MAX_SKIPPED = 3;

  private int skipped;

  /** Whether this one, too, may be passed over; counts it. */
  boolean maySkip(ServerEvent event) {
    return !"error".equals(event.name()) && ++skipped <= MAX_SKIPPED;
  }
}

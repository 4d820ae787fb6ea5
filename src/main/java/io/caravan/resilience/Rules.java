package io.caravan.resilience;

import io.caravan.catalog.TimeLimits;
import java.time.Duration;
import java.util.List;

/**
 * How failures of one service are dealt with, for one alias or none.
 *
 * @param maxAttempts how often one target is tried; 1 for no retry
 * @param budget how long one call may wait between its attempts, in all
 * @param limits the time limits of an attempt
 * @param alone the same where nobody else can take the call over
 * @param recovery what becomes of a stream that breaks off
 * @param largerContext models to ask when the request is too long, best first
 */
record Rules(
    int maxAttempts,
    Duration budget,
    TimeLimits limits,
    TimeLimits alone,
    Recovery recovery,
    List<String> largerContext) {

  /** What becomes of a stream that breaks off behind its first content. */
  enum Recovery {
    /** A fallback goes on where the stream broke off; one that cannot starts afresh. */
    CONTINUE,
    /** A fallback starts afresh; what was delivered is left out where it is the same. */
    RESTART,
    /** The client is told. */
    OFF
  }
}

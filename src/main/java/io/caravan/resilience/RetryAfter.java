package io.caravan.resilience;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * How long a service wants to be left alone: {@code retry-after-ms}, else {@code Retry-After} as
 * seconds or as a date (RFC 9110, 10.2.3).
 */
final class RetryAfter {

  private RetryAfter() {}

  /** The time that the headers, with names in lower case, ask for; null if they ask for none. */
  static Duration in(Map<String, String> headers, Clock clock) {
    var millis = number(headers.get("retry-after-ms"), 1);
    if (millis != null) return millis;
    var given = headers.get("retry-after");
    var seconds = number(given, 1000);
    return seconds != null ? seconds : untilDate(given, clock);
  }

  /** A number beyond all bounds asks for the longest time there is. */
  private static Duration number(String value, long unitMillis) {
    if (value == null || !value.strip().matches("\\d+(\\.\\d+)?")) return null;
    return Duration.ofMillis((long) Math.ceil(Double.parseDouble(value.strip()) * unitMillis));
  }

  private static Duration untilDate(String value, Clock clock) {
    if (value == null) return null;
    var date = HttpDate.read(value.strip(), clock);
    if (date == null) return null;
    var left = Duration.between(clock.instant(), date);
    return left.isNegative() ? Duration.ZERO : left;
  }
}

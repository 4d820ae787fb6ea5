package io.caravan.jobs;

import io.caravan.errors.GatewayException;
import java.time.Duration;
import java.util.regex.Pattern;

/** Which failures pass by themselves, and how long to wait for it. */
final class Retry {

  /** A service that downloads itself reports the network's troubles in its own words. */
  private static final Pattern PASSING =
      Pattern.compile(
          "(?i)time.?out|\\beof\\b|connection (was )?(reset|refused|closed)|temporar|max retries"
              + "|broken pipe|no such host|network is unreachable");

  private static final int MOST_SECONDS = 60;

  private Retry() {}

  static boolean isWorthIt(Throwable failure) {
    if (failure instanceof GatewayException.UpstreamFailed failed) {
      int status = failed.error().status();
      boolean refused = status == 429 || status == 503 || status == 504;
      return refused || PASSING.matcher(failed.getMessage()).find();
    }
    return failure instanceof GatewayException.Unreachable
        || failure instanceof GatewayException.TimedOut
        || failure instanceof GatewayException.BadAnswer
        || failure instanceof GatewayException.Unavailable;
  }

  /** 1, 4, 16 seconds and so on. */
  static Duration pause(int attempt) {
    return Duration.ofSeconds(Math.min(MOST_SECONDS, 1L << Math.min(10, 2 * (attempt - 1))));
  }
}

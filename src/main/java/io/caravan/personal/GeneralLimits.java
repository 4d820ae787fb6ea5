package io.caravan.personal;

import io.caravan.catalog.TimeLimits;
import io.caravan.settings.Configuration;
import java.time.Duration;

/** The time limits of services that set none of their own: {@code caravan.limits.*}. */
final class GeneralLimits {

  private GeneralLimits() {}

  /** As the settings have them. */
  static TimeLimits of(Configuration configuration) {
    var prefix = "caravan.limits.";
    return new TimeLimits(
        Duration.ofMillis((long) configuration.number(prefix + "connect-timeout-ms", 2000)),
        seconds(configuration, "short-timeout-sec"),
        seconds(configuration, "head-timeout-sec"),
        seconds(configuration, "first-token-timeout-sec"),
        seconds(configuration, "load-timeout-sec"),
        seconds(configuration, "idle-timeout-sec"),
        seconds(configuration, "long-timeout-sec"));
  }

  private static Duration seconds(Configuration configuration, String name) {
    var given = configuration.number("caravan.limits." + name, 60);
    return Duration.ofMillis((long) (given * 1000));
  }
}

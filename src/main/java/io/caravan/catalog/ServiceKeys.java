package io.caravan.catalog;

import io.caravan.settings.NearestKey;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What can be set for a service, {@code caravan.service.<name>.*}: the last parts of the keys. */
public final class ServiceKeys {

  /** Settings that are numbers of 0 or more, for others to read; the time limits are read here. */
  static final Set<String> NUMBERS =
      Set.of(
          "max-attempts", "retry-budget-sec", "max-concurrent", "max-queue", "queue-timeout-sec");

  static final Set<String> LIMITS =
      Set.of(
          "connect-timeout-ms",
          "short-timeout-sec",
          "head-timeout-sec",
          "first-token-timeout-sec",
          "load-timeout-sec",
          "idle-timeout-sec",
          "long-timeout-sec");

  private static final Set<String> WORDS =
      Set.of(
          "provider",
          "urls",
          "api-key",
          "api-key-env-var",
          "stream-recovery",
          "fallback",
          "larger-context-fallback");

  /** Settings that are true or false. */
  public static final Set<String> FLAGS = Set.of("verify-cert", "enable-discovery", "enabled");

  private static final Set<String> COMMON =
      Stream.of(NUMBERS, LIMITS, WORDS, FLAGS)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());

  /** How a text ends that says that a key would go to another address than its own. */
  public static final String ELSEWHERE =
      "; send api_key for this one, name another variable in api_key_env_var, or set it in"
          + " caravan.properties";

  /** What becomes part of an endpoint's URI must mean nothing to Camel. */
  private static final Pattern HARMLESS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,199}");

  /** Whether somebody who is not the operator may give a provider's own property this value. */
  public static boolean isHarmless(String value) {
    return HARMLESS.matcher(value).matches();
  }

  /** Whether every service has this setting, whatever its provider. */
  public static boolean isCommon(String setting) {
    return COMMON.contains(setting);
  }

  /** The setting of a provider's own property: {@code api-version} for {@code apiVersion}. */
  public static String setting(String property) {
    return property.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /** What is set for the service although nothing reads it, and what may have been meant. */
  static List<String> unknown(ServiceSettings service, Provider provider) {
    var own = provider.ownProperties().stream().map(ServiceKeys::setting);
    var known = Stream.concat(COMMON.stream(), own).map(service::key).toList();
    return service.configuration().under(service.key("")).keySet().stream()
        .map(service::key)
        .filter(key -> !known.contains(key))
        .map(key -> NearestKey.hint(key, known))
        .toList();
  }

  private ServiceKeys() {}
}

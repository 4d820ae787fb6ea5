package io.caravan.catalog;

import io.caravan.settings.Configuration;
import io.caravan.settings.Counts;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Reads the settings of one service, {@code caravan.service.<name>.*}. What is wrong with them is
 * told by an {@link IllegalArgumentException} that names the key.
 */
public record ServiceSettings(
    String name, Configuration configuration, Map<String, String> environment) {

  /** How the keys of all services begin. */
  public static final String PREFIX = "caravan.service.";

  /** What a service may be called. */
  public static final String NAME = "[A-Za-z0-9][A-Za-z0-9_-]{0,99}";

  private static final String DEFAULTS = "caravan.limits.";

  /** A year of seconds. */
  private static final int LONGEST = 31_536_000;

  String key(String setting) {
    return PREFIX + name + "." + setting;
  }

  boolean enabled() {
    return configuration.flag(key("enabled"), true);
  }

  Service service(Providers providers) {
    if (!name.matches(NAME)) {
      throw new IllegalArgumentException(
          "%s%s: a name is made of up to 100 letters, digits, '-' and '_'".formatted(PREFIX, name));
    }
    var given = configuration.get(key("provider"));
    if (given == null) throw new IllegalArgumentException(key("provider") + " is not set");
    var provider = at("provider", given, providers::read);
    for (var number : ServiceKeys.NUMBERS) configuration.number(key(number), 0);
    Counts.check(configuration, key("max-attempts"));
    var recovery = configuration.get(key("stream-recovery"), "off");
    if (!recovery.matches("(?i)continue|restart|off")) {
      throw new IllegalArgumentException(
          key("stream-recovery") + " must be continue, restart or off, but is " + recovery);
    }
    var urls = urls(provider);
    return Service.of(
        name,
        provider,
        urls,
        apiKey(provider, providers, urls),
        properties(provider),
        limits(),
        configuration.flag(key("verify-cert"), true),
        configuration.flag(key("enable-discovery"), true));
  }

  private <T> T at(String setting, String value, Function<String, T> read) {
    try {
      return read.apply(value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key(setting) + ": " + e.getMessage(), e);
    }
  }

  private List<String> urls(Provider provider) {
    var given = configuration.get(key("urls"));
    if (given == null) given = provider.defaultUrl();
    if (given == null) return List.of();
    return Stream.of(given.split(","))
        .map(String::strip)
        .filter(url -> !url.isEmpty())
        .map(url -> at("urls", url, this::url))
        .toList();
  }

  /** People add {@code /v1} out of habit; the paths of the Kamelets begin with it. */
  private String url(String given) {
    var url = given.replaceFirst("/+$", "").replaceFirst("/v1$", "");
    BaseUrl.of(url);
    if (OwnAddress.of(configuration).is(url)) throw new IllegalArgumentException(OwnAddress.SAID);
    return url;
  }

  private String apiKey(Provider provider, Providers providers, List<String> urls) {
    var given = configuration.get(key("api-key"));
    if (given != null) return given;
    var named = configuration.get(key("api-key-env-var"));
    var variable = named == null ? provider.keyVariable() : named;
    var value = variable == null ? null : environment.get(variable);
    boolean set = value != null && !value.isBlank();
    if (set || named != null)
      new KeyVariables(configuration, providers).check(this, variable, urls);
    return set ? value.strip() : null;
  }

  private Map<String, String> properties(Provider provider) {
    var properties = new HashMap<String, String>();
    for (var property : provider.ownProperties()) {
      var value = configuration.get(key(ServiceKeys.setting(property)));
      if (value != null) properties.put(property, value);
      else if (provider.required().contains(property))
        throw new IllegalArgumentException(
            key(ServiceKeys.setting(property))
                + " is not set, and "
                + provider.title()
                + " needs it");
    }
    return properties;
  }

  private TimeLimits limits() {
    return new TimeLimits(
        Duration.ofMillis((long) limit("connect-timeout-ms")),
        seconds("short-timeout-sec"),
        seconds("head-timeout-sec"),
        seconds("first-token-timeout-sec"),
        seconds("load-timeout-sec"),
        seconds("idle-timeout-sec"),
        seconds("long-timeout-sec"));
  }

  private Duration seconds(String setting) {
    return Duration.ofMillis((long) (limit(setting) * 1000));
  }

  private double limit(String setting) {
    double general = configuration.number(DEFAULTS + setting, 0);
    return inBounds(key(setting), configuration.number(key(setting), general));
  }

  /**
   * Checks the time limits that services have if they set none.
   *
   * @throws IllegalArgumentException naming the key: no service could do with it
   */
  public static void checkDefaults(Configuration configuration) {
    for (var limit : ServiceKeys.LIMITS) {
      inBounds(DEFAULTS + limit, configuration.number(DEFAULTS + limit, 1));
    }
  }

  private static double inBounds(String key, double limit) {
    if (limit > 0 && limit <= LONGEST) return limit;
    throw new IllegalArgumentException(key + " must be more than 0 and at most " + LONGEST);
  }
}

package io.caravan.personal;

import static io.caravan.personal.ConfigFields.wrong;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.access.UrlGuard;
import io.caravan.catalog.BaseUrl;
import io.caravan.catalog.OwnAddress;
import io.caravan.catalog.Provider;
import io.caravan.catalog.Providers;
import io.caravan.catalog.Service;
import io.caravan.catalog.TimeLimits;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.settings.Configuration;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** From what a user has chosen to a service that can be called. */
final class Backends {

  private final Providers providers;
  private final Secrets secrets;
  private final TimeLimits limits;
  private final OwnAddress own;
  private final UrlGuard guard = new UrlGuard().forField("config.url");

  Backends(Providers providers, Secrets secrets, Configuration configuration) {
    this.providers = providers;
    this.secrets = secrets;
    this.limits = GeneralLimits.of(configuration);
    this.own = OwnAddress.of(configuration);
  }

  /**
   * The provider of that name, or of that other name.
   *
   * @throws InvalidRequest naming those that there are
   */
  Provider provider(String backendType) {
    var all = providers.all();
    for (var each : all) if (each.name().equals(backendType)) return each;
    for (var each : all) if (each.aliases().contains(backendType)) return each;
    throw new InvalidRequest(
        "'backend_type' must be one of %s.".formatted(names(all)), "backend_type", "invalid_value");
  }

  /** All that could be chosen. */
  List<Provider> providers() {
    return providers.all();
  }

  private static String names(List<Provider> all) {
    return all.stream()
        .flatMap(each -> Stream.concat(Stream.of(each.name()), each.aliases().stream()))
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /**
   * The service that a choice means. It is its user's alone: its name, which tells it from all
   * others, is in no catalog.
   *
   * @param admin whether addresses in the networks around are allowed
   * @throws InvalidRequest naming the field of the configuration that is wrong or missing
   */
  Service service(Choice choice, boolean admin) {
    var provider = provider(choice.backendType());
    if (!provider.needsUrl() && !admin) throw forAdmins(provider);
    var url = choice.config().path("url").asText(provider.defaultUrl());
    var key = secrets.open(choice.config(), "apiKey", choice.context());
    if (provider.needsUrl() && (url == null || url.isBlank())) {
      throw wrong("url", "is missing: give the address of " + provider.title());
    }
    if (provider.needsKey() && key == null) {
      throw wrong("apiKey", "is missing: " + provider.title() + " takes no call without a key");
    }
    var urls = provider.needsUrl() ? List.of(base(url, admin)) : List.<String>of();
    var properties = properties(choice, provider);
    var name = name(choice.userId(), choice.backendType());
    var endpoint = endpoint(provider, properties);
    return new Service(name, provider, urls, key, properties, limits, true, false, endpoint);
  }

  /** What runs on this machine is the operator's; keys may open it at {@code /v1}. */
  private static InvalidRequest forAdmins(Provider provider) {
    return new InvalidRequest(
        "'backend_type' %s is for admins. Its models are at /v1, as far as your key opens them."
            .formatted(provider.name()),
        "backend_type",
        "invalid_value");
  }

  /** Tells a user's service from all others; no name in a catalog holds a space. */
  static String name(String user, String backendType) {
    return backendType + " of " + user;
  }

  /** People add {@code /v1} out of habit; the paths of the Kamelets begin with it. */
  private String base(String given, boolean admin) {
    var url = given.strip().replaceFirst("/+$", "").replaceFirst("/v1$", "");
    try {
      BaseUrl.of(url);
      guard.check(new URI(url), admin);
    } catch (IllegalArgumentException | URISyntaxException e) {
      throw wrong("url", "must be an http or https URL without user, password, '?' and '#'");
    }
    if (own.is(url)) throw wrong("url", "is the address at which Caravan itself listens");
    return url;
  }

  private Map<String, String> properties(Choice choice, Provider provider) {
    var properties = new TreeMap<String, String>();
    for (var name : provider.ownProperties()) {
      var value = secrets.open(choice.config(), name, choice.context());
      if (value == null && provider.required().contains(name)) throw wrong(name, "is missing");
      if (value == null) continue;
      ConfigFields.checkHarmless(name, value);
      properties.put(name, value);
    }
    return properties;
  }

  /** Services of one provider that set nothing of its own share an instance of its Kamelet. */
  private static String endpoint(Provider provider, Map<String, String> properties) {
    var instance = "kamelet:" + provider.template() + "/backend-" + provider.template();
    if (properties.isEmpty()) return instance;
    var options =
        properties.entrySet().stream()
            .map(each -> each.getKey() + "=RAW(" + each.getValue() + ")")
            .collect(Collectors.joining("&"));
    var told = UUID.nameUUIDFromBytes(options.getBytes(UTF_8));
    return instance + "-" + told + "?" + options;
  }
}

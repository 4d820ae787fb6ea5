package io.caravan.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.UrlGuard;
import io.caravan.catalog.Providers;
import io.caravan.catalog.ServiceKeys;
import io.caravan.catalog.ServiceSettings;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.settings.Masked;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Checks what is wanted of a service, and stores it. What is wrong is told in the API's words. */
public final class ServiceWriter {

  private static final Pattern SETTING =
      Pattern.compile("caravan\\.(?:service\\.[A-Za-z0-9_-]+|limits)\\.([a-z-]+)");

  private final LiveConfiguration live;
  private final StoredServices stored;
  private final StoredKeys keys;
  private final Providers providers;
  private final UrlGuard guard;

  public ServiceWriter(
      LiveConfiguration live,
      StoredServices stored,
      StoredKeys keys,
      Providers providers,
      UrlGuard guard) {
    this.keys = keys;
    this.live = live;
    this.stored = stored;
    this.providers = providers;
    this.guard = guard.forField("urls");
  }

  /**
   * Stores what is wanted of a service over what there is, and makes it count.
   *
   * @return whether it is new
   */
  boolean write(String name, ServiceRequest request) {
    var row = stored.all().get(name);
    var settings = new LinkedHashMap<String, String>();
    if (row != null) settings.putAll(row.settings());
    SecretSettings.merge(request.settings(), settings);
    var usual = live.configuration().get(ServiceSettings.PREFIX + name + ".provider");
    if (row == null && usual != null) settings.putIfAbsent("provider", usual);
    check(settings);
    boolean keeps = !request.saysKey() || Masked.isMask(request.key(), null);
    if (row != null) {
      boolean saysVariable = request.settings().containsKey("api-key-env-var");
      boolean another = !keeps && request.key() != null && !request.key().isEmpty();
      new KeptSecrets(providers).check(row, settings, keeps, !another && !saysVariable);
    }
    var key = keeps ? keyOf(row) : request.key();
    try {
      stored.save(
          name,
          settings,
          key == null || key.isEmpty() ? null : key,
          row == null ? 0 : row.version());
    } catch (IllegalArgumentException e) {
      throw told(e.getMessage());
    }
    return row == null;
  }

  /** Whether that would make another service of the one that is stored, or a new one. */
  boolean changes(String name, ServiceRequest request) {
    var row = stored.all().get(name);
    if (row == null) return true;
    boolean keeps = !request.saysKey() || Masked.isMask(request.key(), null);
    var key = live.layers().services().getOrDefault(name, Map.of()).get("api-key");
    if (!keeps && (key == null || !key.equals(request.key()))) return true;
    var settings = new LinkedHashMap<>(row.settings());
    SecretSettings.merge(request.settings(), settings);
    return !told(settings).equals(told(row.settings()));
  }

  /** As an export has them: {@code 1.50} is 1.5 to it. */
  private static ObjectNode told(Map<String, String> settings) {
    var told = Json.object();
    settings.forEach((setting, value) -> Origins.put(told, setting, value));
    return told;
  }

  /** Asked for only if it stays: it may be unreadable. */
  private String keyOf(StoredService row) {
    return row == null ? null : keys.open(row);
  }

  private void check(Map<String, String> settings) {
    var name = settings.get("provider");
    if (name == null)
      throw ServiceRequest.invalid("provider", "is missing; GET /llm/providers lists them");
    var own = ownProperties(name);
    settings.forEach((setting, value) -> check(setting, value, own));
    for (var url : settings.getOrDefault("urls", "").split(",")) {
      if (!url.isBlank()) check(url.strip());
    }
  }

  private static void check(String setting, String value, Set<String> own) {
    if (ServiceKeys.isCommon(setting)) return;
    var field = ServiceRequest.field(setting);
    if (own.stream().noneMatch(each -> ServiceKeys.setting(each).equals(setting)))
      throw ServiceRequest.invalid(field, "is not a setting of a service");
    if (!value.isBlank() && !ServiceKeys.isHarmless(value))
      throw ServiceRequest.invalid(field, "may hold letters, digits and . _ : / @ + - only");
  }

  private Set<String> ownProperties(String provider) {
    try {
      return providers.read(provider).ownProperties();
    } catch (IllegalArgumentException e) {
      throw ServiceRequest.invalid(
          "provider", "cannot be used: " + e.getMessage() + "; GET /llm/providers lists them");
    }
  }

  private void check(String url) {
    try {
      guard.check(new URI(url), true);
    } catch (URISyntaxException e) {
      throw ServiceRequest.invalid("urls", "holds '" + url + "', which is no URL");
    }
  }

  /** A problem in the words of the API. */
  private static GatewayException.InvalidRequest told(String problem) {
    var setting = SETTING.matcher(problem);
    if (!setting.find())
      return new GatewayException.InvalidRequest(problem, "name", "invalid_value");
    var field = ServiceRequest.field(setting.group(1));
    var text = setting.replaceFirst("'" + field + "'");
    boolean elsewhere = problem.endsWith(ServiceKeys.ELSEWHERE);
    var code = elsewhere ? KeptSecrets.ELSEWHERE : "invalid_value";
    return new GatewayException.InvalidRequest(text, field, code);
  }
}

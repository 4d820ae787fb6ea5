package io.caravan.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client.Limits;
import io.caravan.access.Client.Scope;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What a request says about a key, each field checked; null stands for none. */
record KeyFields(ObjectNode given) {

  private static final Set<String> NAMES =
      Set.of(
          "name",
          "scope",
          "expires_at",
          "allowed_models",
          "allowed_services",
          "requests_per_minute",
          "tokens_per_minute",
          "disabled");

  private static final int LONGEST_NAME = 200;
  private static final int MOST_ENTRIES = 1000;

  KeyFields {
    given
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!NAMES.contains(name)) throw invalid(name, "is not known for a key");
            });
  }

  /** The key with these fields in place of its own. */
  ApiKey on(ApiKey key, Instant now) {
    return new ApiKey(
        key.id(),
        given.has("name") || key.name() == null ? name() : key.name(),
        given.has("scope") ? scope() : key.scope(),
        key.hash(),
        key.mask(),
        given.has("disabled") ? flag("disabled") : key.disabled(),
        limits(key.limits(), now),
        key.createdAt(),
        now);
  }

  private Limits limits(Limits old, Instant now) {
    return new Limits(
        given.has("allowed_models") ? models() : old.allowedModels(),
        given.has("allowed_services") ? services() : old.allowedServices(),
        given.has("requests_per_minute")
            ? (int) number("requests_per_minute", Integer.MAX_VALUE)
            : old.requestsPerMinute(),
        given.has("tokens_per_minute")
            ? number("tokens_per_minute", 1L << 50)
            : old.tokensPerMinute(),
        given.has("expires_at") ? expiry(now) : old.expiresAt());
  }

  private String name() {
    var name = given.path("name").asText("").strip();
    boolean fit = given.path("name").isTextual() && !name.isEmpty();
    if (!fit || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
      throw invalid("name", "must be a text of 1 to " + LONGEST_NAME + " characters");
    }
    return name;
  }

  private Scope scope() {
    return switch (given.path("scope").asText("").toLowerCase(Locale.ROOT)) {
      case "client" -> Scope.CLIENT;
      case "admin" -> Scope.ADMIN;
      default -> throw invalid("scope", "must be 'client' or 'admin'");
    };
  }

  private boolean flag(String name) {
    if (given.path(name).isBoolean()) return given.path(name).booleanValue();
    throw invalid(name, "must be true or false");
  }

  private long number(String name, long most) {
    JsonNode value = given.path(name);
    if (value.isNull()) return 0;
    boolean whole = value.isIntegralNumber() && value.canConvertToLong();
    if (whole && value.asLong() > 0 && value.asLong() <= most) return value.asLong();
    throw invalid(name, "must be a whole number of 1 or more, or null for no limit");
  }

  private List<String> models() {
    var names = texts("allowed_models");
    for (var name : names) {
      if (name.indexOf('*') < 0 || name.indexOf('*') == name.length() - 1) continue;
      throw invalid("allowed_models", "may have a '*' at the end of a name only");
    }
    return names;
  }

  private List<String> services() {
    var names = texts("allowed_services");
    if (names.stream().noneMatch(name -> name.indexOf('*') >= 0)) return names;
    throw invalid("allowed_services", "must hold whole names, without '*'");
  }

  private List<String> texts(String name) {
    JsonNode value = given.path(name);
    if (value.isNull()) return List.of();
    if (value.isArray() && value.isEmpty()) {
      throw invalid(name, "must not be empty: send null for all, or name at least one");
    }
    boolean fit = value.isArray() && value.size() <= MOST_ENTRIES;
    for (var entry : value) fit &= entry.isTextual() && !entry.asText().isBlank();
    if (fit) return Json.texts(value).stream().map(String::strip).toList();
    throw invalid(name, "must be a list of names, or null for all");
  }

  private Instant expiry(Instant now) {
    JsonNode value = given.path("expires_at");
    if (value.isNull()) return null;
    try {
      var at =
          value.isIntegralNumber()
              ? Instant.ofEpochSecond(value.asLong())
              : OffsetDateTime.parse(value.asText()).toInstant();
      if (at.isAfter(now) && at.getEpochSecond() < 253_402_300_800L) return at;
    } catch (DateTimeException e) {
      // said below
    }
    throw invalid(
        "expires_at", "must be a time to come, such as 2030-01-31T00:00:00Z, or null for never");
  }

  private static GatewayException invalid(String name, String what) {
    return new InvalidRequest("'" + name + "' " + what + ".", name, "invalid_value");
  }
}

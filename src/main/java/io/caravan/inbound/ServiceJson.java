package io.caravan.inbound;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Capability;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Health;
import io.caravan.catalog.Service;
import io.caravan.json.Json;
import io.caravan.settings.Masked;
import java.time.Instant;

/** A service and how it is, as clients are told of it. */
public final class ServiceJson {

  private final Catalog catalog;
  private final ServiceOrigins origins;

  public ServiceJson(Catalog catalog, ServiceOrigins origins) {
    this.catalog = catalog;
    this.origins = origins;
  }

  /** A service and how it is, as in the list. */
  public ObjectNode brief(Service service) {
    var out = Json.object().put("name", service.name());
    out.put("provider", service.provider().name()).put("title", service.provider().title());
    var urls = out.putArray("urls");
    service.urls().forEach(urls::add);
    out.put("enable_discovery", service.discovery());
    out.put("has_key", service.apiKey() != null);
    origins.tell(service.name(), out);
    health(service, out);
    var models = catalog.models(service);
    return out.put("models", models == null ? null : (Integer) models.size());
  }

  /** The same with limits, capabilities and history. */
  ObjectNode whole(Service service) {
    var all = brief(service);
    var limits = service.limits();
    all.putObject("limits")
        .put("connect_timeout_ms", limits.connect().toMillis())
        .put("short_timeout_sec", limits.brief().toMillis() / 1000.0)
        .put("first_token_timeout_sec", limits.firstToken().toMillis() / 1000.0)
        .put("idle_timeout_sec", limits.idle().toMillis() / 1000.0)
        .put("long_timeout_sec", limits.whole().toMillis() / 1000.0);
    all.put("verify_cert", service.verifyCert());
    all.put("api_key", Masked.of(service.apiKey()));
    origins.tellSettings(service.name(), all);
    all.set("capabilities", flags(service));
    var history = all.putArray("history");
    for (var change : catalog.health(service).history()) {
      history
          .addObject()
          .put("at", change.at().toString())
          .put("up", change.up())
          .put("error", change.error());
    }
    return all;
  }

  ObjectNode health(Service service, ObjectNode to) {
    Health health = catalog.health(service);
    var problem = catalog.problem(service);
    boolean asked = health.up() != null;
    var state = asked ? health.up() ? "up" : "down" : "unknown";
    to.put("status", service.obstacle() != null ? "not configured" : state);
    to.put("since", text(health.since()));
    to.put("checked_at", text(health.checkedAt()));
    to.put("latency_ms", health.latency() == null ? null : (Long) health.latency().toMillis());
    to.put("error", problem);
    to.put("last_error", health.lastError());
    return to.put("last_error_at", text(health.lastErrorAt()));
  }

  static ObjectNode flags(Service service) {
    var flags = Json.object();
    var declared = service.provider().capabilities();
    for (var each : Capability.values()) flags.put(each.name(), declared.contains(each));
    return flags;
  }

  private static String text(Instant time) {
    return time == null ? null : time.toString();
  }
}

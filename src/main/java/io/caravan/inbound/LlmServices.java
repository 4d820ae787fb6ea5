package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Capability;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Health;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.settings.Masked;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** The services and how they are: {@code /llm/services}. */
public final class LlmServices {

  private static final String PATH = "/llm/services/";

  private final Catalog catalog;
  private final ServiceOrigins origins;

  public LlmServices(Catalog catalog, ServiceOrigins origins) {
    this.catalog = catalog;
    this.origins = origins;
  }

  /**
   * Finds what a path below {@code /llm/services/} is about: variable {@code service}, and variable
   * {@code model} if it names one, its slashes encoded or not. Of a service that is not in use
   * there is only its {@code name}, and nothing below it.
   *
   * @throws GatewayException.NotFound if there is no such service
   */
  public void find(Exchange exchange, @Header(Exchange.HTTP_PATH) String path) {
    var parts = path.substring(PATH.length()).split("/", 3);
    var service = catalog.services().get(decoded(parts[0]));
    if (service == null) {
      if (parts.length > 1) throw notFound(decoded(parts[0]));
      exchange.setVariable("name", other(decoded(parts[0])).path("name").asText());
    }
    exchange.setVariable("service", service);
    if (parts.length > 2) exchange.setVariable("model", decoded(parts[2]));
  }

  static GatewayException.NotFound notFound(String service) {
    var name = service.length() <= 200 ? service : service.substring(0, 200) + "…";
    return new GatewayException.NotFound(
        "The service `" + name + "` does not exist. GET /llm/services lists the services.",
        "service_not_found");
  }

  private static String decoded(String part) {
    try {
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new GatewayException.InvalidRequest(
          "The name in the URL is not valid percent-encoding.", null, null);
    }
  }

  /** Body of {@code GET /llm/services}; proposals are services that are not configured yet. */
  public byte[] list(@Variable("proposals") JsonNode proposals) {
    var list = Json.object().put("object", "list");
    var data = list.putArray("data");
    catalog.services().all().forEach(service -> data.add(brief(service)));
    origins.tellOthers(data);
    list.put("total", data.size());
    list.set("refused", origins.refused());
    if (proposals != null) list.set("proposals", proposals);
    return Json.bytes(list);
  }

  /**
   * Body of {@code GET /llm/services/{service}}: the same with limits, capabilities and history,
   * and what the service's own Kamelet has to say, if it has.
   */
  public byte[] one(
      @Variable("service") Service service, @Variable("name") String name, @Body Object described) {
    if (service == null) return Json.bytes(other(name));
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
    if (described instanceof ObjectNode more)
      more.properties().forEach(field -> all.set(field.getKey(), field.getValue()));
    return Json.bytes(all);
  }

  /** A service that was changed just now; null if it is switched off. */
  public byte[] changed(@Variable("service") Service service, @Variable("name") String name) {
    return one(service, name, null);
  }

  /** One that is configured and not in use, with its settings. */
  private ObjectNode other(String name) {
    var others = Json.array();
    origins.tellOthers(others);
    for (var each : others) {
      if (!(each instanceof ObjectNode other) || !each.path("name").asText().equals(name)) continue;
      origins.tellSettings(name, other);
      return other;
    }
    throw notFound(name);
  }

  /** Whether the service's Kamelet describes it further. */
  public boolean isDescribed(@Variable("service") Service service) {
    return service != null && service.provider().listing().details().contains("describe");
  }

  /** Body of {@code GET /llm/services/{service}/capabilities}: all fourteen, true or false. */
  public byte[] capabilities(@Variable("service") Service service) {
    return Json.bytes(flags(service));
  }

  /** Body of {@code GET /llm/services/{service}/ping}, after it was asked just now. */
  public byte[] pinged(@Variable("service") Service service) {
    return Json.bytes(health(service, Json.object().put("service", service.name())));
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

  private ObjectNode health(Service service, ObjectNode to) {
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

  private static ObjectNode flags(Service service) {
    var flags = Json.object();
    var declared = service.provider().capabilities();
    for (var each : Capability.values()) flags.put(each.name(), declared.contains(each));
    return flags;
  }

  private static String text(Instant time) {
    return time == null ? null : time.toString();
  }
}

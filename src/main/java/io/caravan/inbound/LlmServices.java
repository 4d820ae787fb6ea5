package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** The services and how they are: {@code /llm/services}. */
public final class LlmServices {

  private static final String PATH = "/llm/services/";

  private final Catalog catalog;
  private final ServiceOrigins origins;
  private final ServiceJson json;

  public LlmServices(Catalog catalog, ServiceOrigins origins) {
    this.catalog = catalog;
    this.origins = origins;
    json = new ServiceJson(catalog, origins);
  }

  /**
   * Finds what a path below {@code /llm/services/} is about: variable {@code service}, and variable
   * {@code model} if it names one, its slashes encoded or not. Of a service that is not in use
   * there is only its {@code name}, and nothing below it. In the first second after the start it
   * waits for services that the API has made.
   *
   * @throws GatewayException.NotFound if there is no such service
   */
  public CompletionStage<Void> find(Exchange exchange, @Header(Exchange.HTTP_PATH) String path) {
    var parts = path.substring(PATH.length()).split("/", 3);
    if (catalog.services().get(decoded(parts[0])) == null)
      return catalog.rounds().allKnown().thenAccept(v -> find(exchange, parts));
    find(exchange, parts);
    return CompletableFuture.completedStage(null);
  }

  private void find(Exchange exchange, String[] parts) {
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
  public CompletionStage<byte[]> list(@Variable("proposals") JsonNode proposals) {
    return catalog.rounds().allKnown().thenApply(v -> all(proposals));
  }

  private byte[] all(JsonNode proposals) {
    var list = Json.object().put("object", "list");
    var data = list.putArray("data");
    catalog.services().all().forEach(service -> data.add(json.brief(service)));
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
    var all = json.whole(service);
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
    return Json.bytes(ServiceJson.flags(service));
  }

  /** Body of {@code GET /llm/services/{service}/ping}, after it was asked just now. */
  public byte[] pinged(@Variable("service") Service service) {
    return Json.bytes(json.health(service, Json.object().put("service", service.name())));
  }
}

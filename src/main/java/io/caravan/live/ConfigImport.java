package io.caravan.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.inbound.RequestReader;
import io.caravan.json.Json;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.camel.Exchange;

/**
 * A configuration as {@link ConfigExport} writes it, taken over: {@code POST /api/config/import}.
 */
public final class ConfigImport {

  /** Of a setting's name, in characters. */
  private static final int LONGEST = 500;

  /** What an import can bring beside services. */
  private static final String LIVE =
      "caravan\\.((model|limits|retry|stream|breaker)\\..+|default-service|default-model)";

  private final LiveConfiguration live;
  private final StoredServices stored;
  private final ServiceWriter services;

  public ConfigImport(LiveConfiguration live, StoredServices stored, ServiceWriter services) {
    this.live = live;
    this.stored = stored;
    this.services = services;
  }

  /**
   * Takes a document over: services are made or changed, other settings set. The answer says of
   * each what has become of it; what the user's file says stays as it is. Of a document that is
   * refused nothing is stored.
   */
  public byte[] bring(Exchange exchange) {
    var document = RequestReader.parse((byte[]) exchange.getMessage().getBody());
    if (!ConfigExport.FORMAT.equals(document.path("format").asText()))
      throw ServiceRequest.invalid("format", "must be " + ConfigExport.FORMAT);
    if (!document.path("services").isArray())
      throw ServiceRequest.invalid("services", "must be a list");
    for (var each : document.path("services")) {
      if (!each.isObject()) throw ServiceRequest.invalid("services", "must be a list of objects");
    }
    stored.ready();
    var result = Json.object();
    settings(document, result);
    var list = result.putArray("services");
    for (var each : document.path("services")) {
      service(each.deepCopy(), list.addObject().put("name", each.path("name").asText(null)));
    }
    exchange.getMessage().removeHeaders("*");
    return Json.bytes(result);
  }

  /** A document that removes one setting. */
  static String removing(String setting) {
    var document = Json.object().put("format", ConfigExport.FORMAT);
    document.putArray("services");
    document.putObject("settings").putNull(setting);
    return Json.text(document);
  }

  private void settings(ObjectNode document, ObjectNode result) {
    var next = new TreeMap<>(live.layers().others());
    var removed = new TreeSet<String>();
    var taken = result.putArray("settings");
    var ignored = result.putArray("ignored");
    for (var each : document.path("settings").properties()) {
      var key = each.getKey();
      boolean users = live.layers().users().overrides().containsKey(key);
      boolean known = key.length() <= LONGEST && (key.matches(LIVE) || stored.isLeftOut(key));
      if (!known || !each.getValue().isValueNode()) ignored.add(key);
      else if (each.getValue().isNull()) {
        next.remove(key);
        removed.add(key);
        taken.add(key);
      } else if (!users) {
        next.put(key, each.getValue().asText());
        taken.add(key);
      }
    }
    try {
      boolean same = removed.isEmpty() && next.equals(live.layers().others());
      if (!same) stored.others(next, removed);
    } catch (IllegalArgumentException e) {
      throw new GatewayException.InvalidRequest(e.getMessage(), "settings", "invalid_value");
    }
  }

  private void service(ObjectNode service, ObjectNode result) {
    var name = service.path("name").asText("");
    if (live.layers().isUsers(name)) {
      result
          .put("state", "read-only")
          .put("note", "caravan.properties or the environment defines it, and that counts");
      return;
    }
    try {
      boolean reference = service.path("api_key").asText().startsWith("${");
      if (reference) service.remove("api_key");
      service.remove("version");
      var request = ServiceRequest.of(service);
      result.put("state", state(request));
      var row = stored.all().get(name);
      if (reference && row != null && row.sealedKey() == null)
        result.put("note", "its API key is not in the file: set api_key");
    } catch (GatewayException.InvalidRequest | GatewayException.Conflict e) {
      result.put("state", "refused").put("error", e.getMessage());
    }
  }

  private String state(ServiceRequest request) {
    var name = request.checkedName();
    if (!services.changes(name, request)) return "unchanged";
    return services.write(name, request) ? "created" : "changed";
  }
}

package io.caravan.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Service;
import io.caravan.catalog.ServiceSettings;
import io.caravan.errors.GatewayException;
import io.caravan.inbound.RequestReader;
import org.apache.camel.Exchange;

/** Services are made, changed and removed: {@code POST}, {@code PUT}, {@code DELETE}. */
public final class ServiceApi {

  private static final String PATH = "/llm/services/";

  private final LiveConfiguration live;
  private final StoredServices stored;
  private final ServiceWriter writer;

  public ServiceApi(LiveConfiguration live, StoredServices stored, ServiceWriter writer) {
    this.live = live;
    this.stored = stored;
    this.writer = writer;
  }

  /** {@code POST /llm/services}: variable {@code service}. */
  public void create(Exchange exchange) {
    var request = ServiceRequest.of(body(exchange));
    var name = request.checkedName();
    stored.ready();
    refuseUsers(name);
    if (stored.all().containsKey(name) || isInUse(name)) {
      throw new GatewayException.Conflict(
          "The service `%s` exists already. PUT %s%s changes it.".formatted(name, PATH, name),
          "service_exists");
    }
    writer.write(name, request);
    answer(exchange, name, 201);
  }

  /** Whether a service of that name has ever answered; what comes with Caravan may never do so. */
  private boolean isInUse(String name) {
    var catalog = live.parts().catalog();
    var service = catalog.services().get(name);
    if (service == null) return false;
    var health = catalog.health(service);
    return Boolean.TRUE.equals(health.up()) || health.latency() != null;
  }

  /** {@code PUT /llm/services/{name}}: changes what it names. */
  public void change(Exchange exchange) {
    var name = exchange.getMessage().getHeader("service", String.class);
    var match = exchange.getMessage().getHeader("If-Match", String.class);
    var request = ServiceRequest.of(body(exchange));
    if (request.name() != null && !request.name().equals(name))
      throw ServiceRequest.invalid("name", "cannot be changed; make another service");
    stored.ready();
    find(name);
    refuseUsers(name);
    checkVersion(name, request.version(), match);
    writer.write(name, request);
    answer(exchange, name, 200);
  }

  /** {@code DELETE /llm/services/{name}}: 204. */
  public void remove(Exchange exchange) {
    var name = exchange.getMessage().getHeader("service", String.class);
    stored.ready();
    find(name);
    refuseUsers(name);
    checkVersion(name, null, exchange.getMessage().getHeader("If-Match", String.class));
    var row = stored.all().get(name);
    if (row == null) {
      throw new GatewayException.Conflict(
          "The service `%s` comes with Caravan. PUT %s%s {\"enabled\":false} switches it off."
              .formatted(name, PATH, name),
          "read_only");
    }
    stored.remove(name, row.version());
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 204);
    exchange.getMessage().setBody(null);
  }

  private static ObjectNode body(Exchange exchange) {
    return RequestReader.parse((byte[]) exchange.getMessage().getBody());
  }

  private void find(String name) {
    if (live.configuration().has(ServiceSettings.PREFIX + name + ".")) return;
    if (stored.all().containsKey(name)) return;
    throw new GatewayException.NotFound(
        "The service `" + name + "` does not exist. GET /llm/services lists the services.",
        "service_not_found");
  }

  private void refuseUsers(String name) {
    if (!live.layers().isUsers(name)) return;
    throw new GatewayException.Conflict(
        "The service `%s` is defined by caravan.properties or the environment and is read-only here. Change it there; that counts at once."
            .formatted(name),
        "read_only");
  }

  private void checkVersion(String name, Long version, String match) {
    var row = stored.all().get(name);
    long now = row == null ? 0 : row.version();
    boolean stale = version != null && version != now;
    if (match != null && !match.equals("*")) stale |= !match.equals("\"" + now + "\"");
    if (!stale) return;
    throw new GatewayException.Conflict(
        "The service `%s` was changed meanwhile: its version is %d now. Read it again first."
            .formatted(name, now),
        "version_conflict");
  }

  private void answer(Exchange exchange, String name, int status) {
    exchange.setVariable("name", name);
    exchange.setVariable("status", status);
    exchange.setVariable("service", live.parts().catalog().services().get(name));
  }

  /** The head of the answer: status, place and version of the service. */
  public void head(Exchange exchange) {
    var name = exchange.getVariable("name", String.class);
    var message = exchange.getMessage();
    message.removeHeaders("*");
    message.setBody(null);
    int status = exchange.getVariable("status", Integer.class);
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    if (status == 201) message.setHeader("Location", PATH + name);
    var row = stored.all().get(name);
    if (row != null) message.setHeader("ETag", "\"" + row.version() + "\"");
  }

  /** Whether the service is to be asked for its models before the answer goes out. */
  public boolean isAsked(Exchange exchange) {
    var service = exchange.getVariable("service", Service.class);
    return service != null && service.discovery() && service.obstacle() == null;
  }
}

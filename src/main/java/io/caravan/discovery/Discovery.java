package io.caravan.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.errors.OpenAiErrors;
import io.caravan.resilience.Breakers;
import io.caravan.routing.Target;
import io.caravan.streaming.Cancellation;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the discovery routes do before and after they ask a service for its models. */
public final class Discovery {

  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

  /** Exchange variable: when the service was asked, in {@link System#nanoTime}. */
  private static final String ASKED = "asked";

  private final Catalog catalog;
  private final Breakers breakers;
  private final Executor worker;

  /**
   * @param breakers told when a service that was away is there again
   * @param worker works long lists through, which must not hold up an event loop
   */
  public Discovery(Catalog catalog, Breakers breakers, Executor worker) {
    this.catalog = catalog;
    this.breakers = breakers;
    this.worker = worker;
  }

  /**
   * Turns the exchange to the service: variable {@code target}, no body, no headers. The client
   * that may be waiting is not to end the asking by leaving: the service would be noted as failed.
   */
  public void prepare(Exchange exchange) {
    var service = exchange.getVariable("service", Service.class);
    var obstacle = service.obstacle();
    if (obstacle != null) throw new GatewayException.Unavailable(obstacle, 60);
    exchange.setVariable(Target.VARIABLE, Target.of(service, null));
    exchange.setVariable("endpoint", service.endpoint());
    exchange.setVariable(ASKED, System.nanoTime());
    exchange.removeProperty(Cancellation.PROPERTY);
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(null);
  }

  /** Takes over the list that the Kamelet has brought. */
  public CompletionStage<Void> learned(Exchange exchange) {
    var service = exchange.getVariable("service", Service.class);
    var models = exchange.getMessage().getBody(JsonNode.class);
    if (models == null || !models.isArray())
      throw new GatewayException.BadAnswer("no list of models");
    var took = Duration.ofNanos(System.nanoTime() - exchange.getVariable(ASKED, Long.class));
    return CompletableFuture.runAsync(() -> learned(service, models, took), worker);
  }

  private void learned(Service service, JsonNode models, Duration took) {
    var before = catalog.problem(service) == null ? catalog.models(service) : null;
    if (catalog.problem(service) != null) breakers.recovered(service.name());
    catalog.learned(service, models, took);
    if (before == null) {
      LOG.debug("The service '{}' is there, with {} models", service.name(), models.size());
      return;
    }
    var old = ids(before);
    var now = ids(catalog.models(service));
    if (old.equals(now)) return;
    LOG.debug("The service '{}' has new models {}", service.name(), minus(now, old));
    LOG.debug("The service '{}' has no more {}", service.name(), minus(old, now));
  }

  /** Notes why there is no list. Said aloud only for what is not the usual absence of a service. */
  public void failed(Exchange exchange) {
    var service = exchange.getVariable("service", Service.class);
    var cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    var problem = Target.of(service, null).discreet(OpenAiErrors.render(cause)).message();
    boolean news = !problem.equals(catalog.problem(service));
    boolean usual = cause instanceof GatewayException.Unreachable;
    if (news && !usual) LOG.info("The service '{}' is not available: {}", service.name(), problem);
    catalog.failed(service, problem);
  }

  /** A call of a client has failed: how its service is, is looked at soon. */
  public void suspect(Exchange exchange) {
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    var cause = exchange.getException();
    boolean serious =
        cause instanceof GatewayException.Unreachable || cause instanceof GatewayException.TimedOut;
    if (target != null && serious) catalog.suspect(target.service());
  }

  private static Set<String> ids(List<? extends JsonNode> models) {
    var ids = new HashSet<String>();
    models.forEach(model -> ids.add(model.path("id").asText()));
    return ids;
  }

  private static Set<String> minus(Set<String> from, Set<String> what) {
    var left = new HashSet<>(from);
    left.removeAll(what);
    return left;
  }
}

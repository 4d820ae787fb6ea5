package io.caravan.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.errors.OpenAiErrors;
import io.caravan.resilience.Breakers;
import io.caravan.routing.Target;
import io.caravan.streaming.Cancellation;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the discovery routes do before and after they ask a service for its models. */
public final class Discovery {

  private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

  private final Catalog catalog;
  private final Breakers breakers;

  /**
   * @param breakers told when a service that was away is there again
   */
  public Discovery(Catalog catalog, Breakers breakers) {
    this.catalog = catalog;
    this.breakers = breakers;
  }

  /**
   * Turns the exchange to the service: variable {@code target}, no body, no headers. The client
   * that may be waiting is not to end the asking by leaving: the service would be noted as failed.
   */
  public void prepare(Exchange exchange) {
    var service = exchange.getVariable("service", Service.class);
    exchange.setVariable(Target.VARIABLE, Target.of(service, null));
    exchange.setVariable("endpoint", service.endpoint());
    exchange.removeProperty(Cancellation.PROPERTY);
    exchange.getMessage().removeHeaders("*");
    exchange.getMessage().setBody(null);
  }

  /** Takes over the list that the Kamelet has brought. */
  public void learned(JsonNode models, @Variable("service") Service service) {
    if (catalog.problem(service) != null || catalog.models(service) == null) {
      LOG.debug("The service '{}' is there, with {} models", service.name(), models.size());
    }
    if (catalog.problem(service) != null) breakers.recovered(service.name());
    catalog.learned(service, models);
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
}

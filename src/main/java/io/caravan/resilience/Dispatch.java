package io.caravan.resilience;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Capability;
import io.caravan.errors.GatewayException;
import io.caravan.routing.Parameters;
import io.caravan.routing.Target;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;
import org.apache.camel.spi.NormalizedEndpointUri;
import org.apache.camel.support.NormalizedUri;

/** The beginning of an attempt: what goes to a target, or why nothing can. */
public final class Dispatch {

  /** Exchange variable: names of the parameters that the target does not take, a list. */
  public static final String DROPPED = "dropped";

  private static final int MAX_ENDPOINTS = 1000;

  private final Map<String, NormalizedEndpointUri> endpoints = new ConcurrentHashMap<>();

  /**
   * Fits the request to the variable {@code target} of this attempt, as the body.
   *
   * @throws GatewayException.Unavailable if the target's service is not wholly configured
   */
  public void prepare(Exchange exchange) {
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    var obstacle = target.service().obstacle();
    if (obstacle != null) {
      throw new GatewayException.Unavailable(
          "The service `%s` cannot be used: %s.".formatted(target.service().name(), obstacle), 60);
    }
    var fitted = Parameters.fit(exchange.getVariable("request", ObjectNode.class), target);
    exchange.setVariable("endpoint", endpoint(target.service().endpoint()));
    exchange.setVariable(DROPPED, fitted.dropped());
    exchange.getMessage().removeHeaders("*"); // no header of the client, or of an attempt before
    exchange.getMessage().setBody(fitted.body());
  }

  /** As Camel keeps it, so that it does not take the URI apart for each call. */
  private NormalizedEndpointUri endpoint(String uri) {
    if (endpoints.size() > MAX_ENDPOINTS) endpoints.clear();
    return endpoints.computeIfAbsent(uri, any -> NormalizedUri.newNormalizedUri(any, false));
  }

  /**
   * Answers an operation that the target's Kamelet does not have.
   *
   * @throws GatewayException always: NotSupported for what concerns models, else InvalidRequest
   */
  public void refuse(@Variable("target") Target target, @Variable("operation") String operation) {
    Capability.refuse(target.service(), operation);
    throw new GatewayException.InvalidRequest(
        "The service `%s` (%s) has no %s. Choose a model of another service."
            .formatted(target.service().name(), target.service().provider().title(), operation),
        "model",
        "unsupported_operation");
  }
}

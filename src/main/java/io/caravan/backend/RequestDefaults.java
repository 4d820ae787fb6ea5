package io.caravan.backend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import java.util.List;
import org.apache.camel.Exchange;

/** What a request gets where it does not say it: the active model, and how to generate. */
public final class RequestDefaults {

  private final ActiveBackend backend;
  private volatile GenerationConfig config;

  RequestDefaults(ActiveBackend backend, GenerationConfig config) {
    this.backend = backend;
    this.config = config;
  }

  /** Fills the model in where a request names none. */
  public void model(Exchange exchange) {
    var request = exchange.getVariable("request", ObjectNode.class);
    if (request.hasNonNull("model")) return;
    var target = backend.active();
    if (target == null) return;
    var named = Json.shallowCopy(request).put("model", target.unifiedName());
    exchange.setVariable("request", named);
  }

  /** Fills in how to generate. */
  public void generation(Exchange exchange) {
    var now = config;
    var operation = exchange.getVariable("operation", String.class);
    boolean generates = "chat".equals(operation) || "completions".equals(operation);
    var targets = exchange.getVariable("targets", List.class);
    if (!generates || targets == null || now.values().isEmpty()) return;
    var provider = ((Target) targets.get(0)).service().provider();
    var request = exchange.getVariable("request", ObjectNode.class);
    exchange.setVariable("request", now.applied(request, provider));
  }

  /** How to generate, as clients are told it. */
  ObjectNode json() {
    return config.json();
  }

  /**
   * Changes the values that are given.
   *
   * @throws io.caravan.errors.GatewayException.InvalidRequest naming the field at fault
   */
  synchronized void change(ObjectNode given) {
    config = config.with(given);
  }
}

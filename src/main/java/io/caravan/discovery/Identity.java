package io.caravan.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * Whose service runs at a URL that several services claim, such as vLLM's and InstructLab's port
 * 8000: the fingerprint in their Kamelets decides, and where it does not, the configured order.
 */
public final class Identity {

  /** Exchange variable: compact JSON by the path at which it was answered. */
  static final String ANSWERS = "answers";

  private final Catalog catalog;

  public Identity(Catalog catalog) {
    this.catalog = catalog;
  }

  /** Whether another service claims the same URL. */
  public boolean isDisputed(@Variable("service") Service service) {
    return !service.urls().isEmpty() && claimants(service).size() > 1;
  }

  /** The paths to look at to tell the claimants apart. */
  public List<String> paths(Exchange exchange) {
    exchange.setVariable(ANSWERS, new HashMap<String, String>());
    var paths = new TreeSet<String>();
    for (var claimant : claimants(exchange.getVariable("service", Service.class))) {
      paths.addAll(claimant.provider().listing().fingerprint().paths());
    }
    return List.copyOf(paths);
  }

  /** Notes what was answered at the path that is in variable {@code path}. */
  @SuppressWarnings("unchecked")
  public static void note(Exchange exchange) {
    var answers = (Map<String, String>) exchange.getVariable(ANSWERS, Map.class);
    if (exchange.getMessage().getBody() instanceof JsonNode json) {
      answers.put(exchange.getVariable("path", String.class), Json.text(json));
    }
  }

  /**
   * Lets the service pass if it is the one at its URL.
   *
   * @throws GatewayException.Unavailable if it is another one, whose models are then not listed
   *     under this name
   */
  @SuppressWarnings("unchecked")
  public void decide(Exchange exchange) {
    var service = exchange.getVariable("service", Service.class);
    var answers = (Map<String, String>) exchange.getVariable(ANSWERS, Map.class);
    if (answers.isEmpty()) return; // nobody is there, as asking for the models will show
    var claimants = claimants(service);
    var owner =
        claimants.stream()
            .filter(claimant -> claimant.provider().listing().fingerprint().fits(answers))
            .findFirst()
            .orElse(claimants.get(0));
    if (owner.provider().name().equals(service.provider().name())) return;
    var problem =
        "at its URL runs " + owner.provider().title() + ", the service `" + owner.name() + "`";
    catalog.mistaken(service, problem);
    throw new GatewayException.Unavailable(problem, 60);
  }

  private List<Service> claimants(Service service) {
    var url = service.urls().get(0);
    return catalog.services().all().stream()
        .filter(each -> each.discovery() && each.obstacle() == null)
        .filter(each -> !each.urls().isEmpty() && each.urls().get(0).equals(url))
        .toList();
  }
}

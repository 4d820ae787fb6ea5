package io.caravan.discovery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * What services tell beside their lists, for those whose Kamelet declares it: {@code details} of
 * all models at once, and {@code model} of one.
 */
public final class Details {

  /** How many models of a service are asked for one by one behind one list. */
  private static final int AT_A_TIME = 200;

  private static final String STAMP = "stamp";

  private final Catalog catalog;
  private final Executor worker;

  public Details(Catalog catalog, Executor worker) {
    this.catalog = catalog;
    this.worker = worker;
  }

  /** Whether the service's Kamelet has the operation {@code details}. */
  public static boolean hasDetails(@Variable("service") Service service) {
    return has(service, "details");
  }

  /** Whether it has an operation beside those that every service has. */
  public static boolean has(Service service, String operation) {
    return service.provider().listing().details().contains(operation);
  }

  /** Whether it tells of models beside its list. */
  public static boolean any(@Variable("service") Service service) {
    return has(service, "details") || has(service, "model");
  }

  /** The same, if whoever asks does not wait for it. */
  public static boolean aside(
      @Variable("service") Service service, @Variable("whole") Boolean whole) {
    return whole == null && any(service);
  }

  /** The same, if whoever asks waits for it. */
  public static boolean within(
      @Variable("service") Service service, @Variable("whole") Boolean whole) {
    return whole != null && any(service);
  }

  /**
   * Takes over what the operation {@code details} brought: {@code models} by id, and {@code
   * others}.
   */
  public CompletionStage<Void> learned(Exchange exchange) {
    var service = exchange.getVariable("service", Service.class);
    var told = exchange.getMessage().getBody(JsonNode.class);
    var byId = new HashMap<String, ObjectNode>();
    for (var model : told.path("models")) {
      if (model instanceof ObjectNode fields) byId.put(model.path("id").asText(), fields);
    }
    var others = told.path("others") instanceof ObjectNode fields ? fields : Json.object();
    return CompletableFuture.runAsync(() -> catalog.detailed(service, byId, others), worker);
  }

  /** The models of which the service has told nothing yet, or nothing since they have changed. */
  public List<String> unshown(@Variable("service") Service service) {
    var models = catalog.models(service);
    if (models == null || !has(service, "model")) return List.of();
    var shown = catalog.shown(service);
    return models.stream()
        .filter(model -> isNews(model, shown))
        .map(model -> model.path("id").asText())
        .limit(AT_A_TIME)
        .toList();
  }

  private static boolean isNews(ObjectNode model, Map<String, ObjectNode> shown) {
    var before = shown.get(model.path("id").asText());
    return before == null
        || !before.path(STAMP).asText().equals(model.path("modified_at").asText());
  }

  /** Turns the exchange to the model that its body names. */
  public void prepare(Exchange exchange) {
    var service = exchange.getVariable("service", Service.class);
    var model = exchange.getMessage().getBody(String.class);
    exchange.setVariable(Target.VARIABLE, Target.of(service, model));
    exchange.getMessage().setBody(Json.object().put("model", model));
  }

  /** Keeps what the service told of that model, for all of them to be taken over together. */
  public void shown(Exchange exchange) {
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    var told = exchange.getMessage().getBody(JsonNode.class);
    note(exchange, target, told instanceof ObjectNode fields ? fields : (ObjectNode) told.get(0));
  }

  /** The service told nothing of that model, and is not asked again until the model has changed. */
  public void refused(Exchange exchange) {
    note(exchange, exchange.getVariable(Target.VARIABLE, Target.class), Json.object());
  }

  private void note(Exchange exchange, Target target, ObjectNode told) {
    var listed = catalog.model(target.service(), target.model());
    var fields = Json.shallowCopy(told);
    if (listed != null) fields.put(STAMP, listed.path("modified_at").asText());
    collected(exchange).put(target.model(), fields);
  }

  /** Takes over all that was told of single models. */
  public CompletionStage<Void> take(Exchange exchange) {
    var service = exchange.getVariable("service", Service.class);
    var more = Map.copyOf(collected(exchange));
    return more.isEmpty()
        ? CompletableFuture.completedStage(null)
        : CompletableFuture.runAsync(() -> catalog.shown(service, more), worker);
  }

  /** Makes room for what will be told of single models. */
  public static void collect(Exchange exchange) {
    exchange.setVariable("shown", new java.util.concurrent.ConcurrentHashMap<String, ObjectNode>());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, ObjectNode> collected(Exchange exchange) {
    return (Map<String, ObjectNode>) exchange.getVariable("shown", Map.class);
  }
}

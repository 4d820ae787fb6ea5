package io.caravan.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Catalog;
import io.caravan.errors.GatewayException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * From a model's name to the targets that serve it, best first: alias, {@code service~model},
 * {@code service/model}, a plain name (default service first, then configured order), no name. An
 * unknown name is never another model.
 */
public final class TargetChoice implements Processor {

  /** Exchange variable: the model that a route has decided on, whatever the request names. */
  public static final String MODEL = "model";

  private final ModelFinder models;
  private final Balancer balancer;
  private final Fallbacks fallbacks;
  private volatile Names names;

  /**
   * @param random where chance comes from, asked on the thread that uses it
   */
  public TargetChoice(Catalog catalog, Names names, Loads loads, Supplier<RandomGenerator> random) {
    this.models = new ModelFinder(catalog);
    this.names = names;
    this.balancer = new Balancer(loads, random);
    this.fallbacks = new Fallbacks(this::targetsFor, models);
  }

  /** From now on names mean this. */
  public void take(Names next) {
    names = next;
  }

  /** What names mean now. */
  public Names names() {
    return names;
  }

  /** Sets variable {@code targets}, or {@code unknown} if nothing known so far has such a model. */
  @Override
  public void process(Exchange exchange) {
    var now = names;
    var decided = exchange.getVariable(MODEL, String.class);
    var name =
        decided != null ? decided : name(exchange.getVariable("request", ObjectNode.class), now);
    var targets = targetsFor(name, now);
    if (targets.isEmpty()) {
      exchange.setVariable("unknown", name);
      return;
    }
    var wishes = exchange.getVariable(Wishes.VARIABLE, Wishes.class);
    if (now.aliases().get(name) != null) exchange.setVariable("alias", name);
    var rights = Rights.of(exchange, now.aliases());
    var open = rights.require(name, targets);
    exchange.setVariable("targets", fallbacks.behind(open, wishes, rights, now));
  }

  /**
   * Sets variable {@code targets}, after the services were asked again.
   *
   * @throws GatewayException.ModelNotFound if there is no such model, and the request names no
   *     other
   */
  public void chooseOrFail(Exchange exchange) {
    process(exchange);
    if (exchange.getVariable("targets") != null) return;
    var unknown = exchange.getVariable("unknown", String.class);
    var wishes = exchange.getVariable(Wishes.VARIABLE, Wishes.class);
    if (wishes == null || wishes.fallbacks().isEmpty()) {
      throw new GatewayException.ModelNotFound(unknown);
    }
    var now = names;
    var rights = Rights.of(exchange, now.aliases());
    exchange.setVariable("targets", fallbacks.insteadOf(unknown, wishes, rights, now));
  }

  /** The targets that a name stands for, best first; empty if none. */
  public List<Target> targetsFor(String name) {
    return targetsFor(name, names);
  }

  private List<Target> targetsFor(String name, Names now) {
    var alias = now.aliases().alias(name);
    if (alias == null) {
      var target = models.find(name, now.defaultService());
      return target == null ? List.of() : balancer.urls(target);
    }
    var targets = new ArrayList<Target>();
    var places = new ArrayList<Integer>();
    for (int i = 0; i < alias.targets().size(); i++) {
      var target = models.find(alias.targets().get(i), now.defaultService());
      if (target == null || targets.contains(target)) continue;
      targets.add(target);
      places.add(i);
    }
    return balancer.order(alias, targets, places).stream()
        .flatMap(target -> balancer.urls(target).stream())
        .toList();
  }

  /**
   * The targets of models that stand by, as far as the client's key opens them; a name that leads
   * nowhere is passed over.
   */
  public List<Target> standingBy(Exchange exchange, List<String> wanted) {
    var now = names;
    return fallbacks.named(wanted, Rights.of(exchange, now.aliases()), now);
  }

  /** Whether the target's service says that it is loading the model just now. */
  public boolean isLoading(Target target) {
    return models.isLoading(target);
  }

  /** Whether the target's service lists its model. */
  public boolean isListed(Target target) {
    return models.isListed(target);
  }

  String name(ObjectNode request) {
    return name(request, names);
  }

  private String name(ObjectNode request, Names now) {
    var model = request.path("model");
    if (model.isTextual()) return model.asText();
    if (now.defaultModel() != null) return now.defaultModel();
    boolean embeds = request.has("input");
    var loaded = models.firstLoaded(embeds);
    if (loaded == null && embeds) loaded = models.firstLoaded(false); // some do both
    if (loaded != null) return loaded;
    throw new GatewayException.InvalidRequest(
        "Missing required parameter: 'model'. GET /v1/models lists the models;"
            + " caravan.default-model sets one for requests without.",
        "model",
        "missing_required_parameter");
  }

  /**
   * Whether an entry of a model list is this model. A dialect may note other names of it: {@code
   * llama3.2} for {@code llama3.2:latest}.
   */
  public static boolean answersTo(JsonNode listed, String model) {
    if (listed.path("id").asText().equals(model)) return true;
    for (var alias : listed.path("aliases")) if (alias.asText().equals(model)) return true;
    return false;
  }
}

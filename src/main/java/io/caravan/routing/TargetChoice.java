package io.caravan.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.settings.Configuration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * From a model's name to the targets that serve it, best first: alias, {@code service~model},
 * {@code service/model}, a plain name (default service first, then configured order), no name. An
 * unknown name is never another model.
 */
public final class TargetChoice {

  /** Exchange variable: the model that a route has decided on, whatever the request names. */
  public static final String MODEL = "model";

  private final Catalog catalog;
  private final Aliases aliases;
  private final String defaultService;
  private final String defaultModel;

  public TargetChoice(Catalog catalog, Aliases aliases, Configuration configuration) {
    this.catalog = catalog;
    this.aliases = aliases;
    this.defaultService = configuration.get("caravan.default-service");
    this.defaultModel = configuration.get("caravan.default-model");
  }

  /** Sets variable {@code targets}, or {@code unknown} if nothing known so far has such a model. */
  public void choose(Exchange exchange) {
    var decided = exchange.getVariable(MODEL, String.class);
    var name = decided != null ? decided : name(exchange.getVariable("request", ObjectNode.class));
    var targets = targetsFor(name);
    if (targets.isEmpty()) exchange.setVariable("unknown", name);
    else exchange.setVariable("targets", targets);
  }

  /**
   * Sets variable {@code targets}, after the services were asked again.
   *
   * @throws GatewayException.ModelNotFound if there is no such model
   */
  public void chooseOrFail(Exchange exchange) {
    choose(exchange);
    if (exchange.getVariable("targets") == null) {
      throw new GatewayException.ModelNotFound(exchange.getVariable("unknown", String.class));
    }
  }

  /** The targets that a name stands for; empty if none. */
  public List<Target> targetsFor(String name) {
    var targets = new ArrayList<Target>();
    var names = aliases.get(name);
    if (names == null) names = List.of(name);
    for (var each : names) {
      var target = target(each);
      if (target != null) targets.add(target);
    }
    return targets;
  }

  String name(ObjectNode request) {
    var model = request.path("model");
    if (model.isTextual()) return model.asText();
    if (defaultModel != null) return defaultModel;
    var loaded = firstLoaded();
    if (loaded != null) return loaded;
    throw new GatewayException.InvalidRequest(
        "Missing required parameter: 'model'. GET /v1/models lists the models;"
            + " caravan.default-model sets one for requests without.",
        "model",
        "missing_required_parameter");
  }

  private String firstLoaded() {
    for (var listed : catalog.all().entrySet()) {
      for (var model : listed.getValue()) {
        if (model.path("loaded").asBoolean()) {
          return Target.of(listed.getKey(), model.path("id").asText()).unifiedName();
        }
      }
    }
    return null;
  }

  private Target target(String name) {
    var readings = ModelName.readings(name);
    for (var reading : readings) {
      var target = reading.service() == null ? plain(name) : explicit(reading);
      if (target != null) return target;
    }
    for (var reading : readings) {
      var target = untold(reading);
      if (target != null) return target;
    }
    return null;
  }

  private Target explicit(ModelName reading) {
    var service = catalog.services().get(reading.service());
    return service == null ? null : listed(service, reading.model());
  }

  private Target plain(String model) {
    var preferred = defaultService == null ? null : catalog.services().get(defaultService);
    var target = preferred == null ? null : listed(preferred, model);
    if (target != null) return target;
    for (var service : catalog.services().all()) {
      target = listed(service, model);
      if (target != null) return target;
    }
    return null;
  }

  /** A service whose list is not known is simply tried: it knows best what it has. */
  private Target untold(ModelName reading) {
    var name = reading.service() == null ? defaultService : reading.service();
    var service = name == null ? null : catalog.services().get(name);
    return service != null && catalog.models(service) == null
        ? Target.of(service, reading.model())
        : null;
  }

  private Target listed(Service service, String model) {
    var models = catalog.models(service);
    if (models == null) return null;
    for (var each : models) {
      if (answersTo(each, model)) return Target.of(service, each.path("id").asText());
    }
    return null;
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

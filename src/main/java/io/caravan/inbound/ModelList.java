package io.caravan.inbound;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.routing.Aliases;
import io.caravan.routing.Target;
import io.caravan.routing.TargetChoice;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.apache.camel.Header;

/** The models of all services as OpenAI's model list, under their unified names. */
public final class ModelList {

  /** How long the very first list may wait for services that are still being asked. */
  private static final Duration FIRST_ROUND = Duration.ofSeconds(1);

  private static final String PATH = "/v1/models/";

  private final Catalog catalog;
  private final Aliases aliases;
  private final TargetChoice choice;

  public ModelList(Catalog catalog, Aliases aliases, TargetChoice choice) {
    this.catalog = catalog;
    this.aliases = aliases;
    this.choice = choice;
  }

  /** Waits until there is something to list, which it is at once but for the first second. */
  public CompletionStage<Void> ready() {
    return catalog.firstRound(FIRST_ROUND);
  }

  /** Body of {@code GET /v1/models}. */
  public byte[] list() {
    var list = Json.object().put("object", "list");
    var data = list.putArray("data");
    for (var alias : aliases.names()) data.add(model(alias, "caravan", 0));
    catalog
        .all()
        .forEach((service, models) -> models.forEach(model -> data.add(entry(service, model))));
    return Json.bytes(list);
  }

  /** The model's name in the path of {@code GET /v1/models/{id}}: slashes encoded or not. */
  public ObjectNode wanted(@Header(Exchange.HTTP_PATH) String path) {
    var encoded = path.substring(PATH.length()).replace("+", "%2B");
    try {
      return Json.object().put("model", URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new GatewayException.InvalidRequest(
          "The model's name in the URL is not valid percent-encoding.", "model", null);
    }
  }

  /** Body of {@code GET /v1/models/{id}} for the target that was chosen. */
  public byte[] one(Exchange exchange) {
    var wanted = exchange.getVariable("request", ObjectNode.class).path("model").asText();
    if (aliases.get(wanted) != null) return Json.bytes(model(wanted, "caravan", 0));
    var target = choice.targetsFor(wanted).get(0);
    var models = catalog.models(target.service());
    if (models != null) {
      for (var model : models) {
        if (model.path("id").asText().equals(target.model())) {
          return Json.bytes(entry(target.service(), model));
        }
      }
    }
    throw new GatewayException.ModelNotFound(wanted);
  }

  private static ObjectNode entry(Service service, ObjectNode model) {
    var name = Target.of(service, model.path("id").asText()).unifiedName();
    return model(name, service.name(), model.path("created").asLong(0));
  }

  private static ObjectNode model(String id, String ownedBy, long created) {
    return Json.object()
        .put("id", id)
        .put("object", "model")
        .put("created", created)
        .put("owned_by", ownedBy);
  }
}

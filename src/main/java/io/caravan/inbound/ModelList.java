package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client;
import io.caravan.access.Permissions;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.CatalogView;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.routing.Aliases;
import io.caravan.routing.Target;
import io.caravan.routing.TargetChoice;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;
import org.apache.camel.Variable;

/** The models of all services as OpenAI's model list, under their unified names. */
public final class ModelList {

  /** How long the very first list may wait for services that are still being asked. */
  private static final Duration FIRST_ROUND = Duration.ofSeconds(1);

  private static final String PATH = "/models/";

  private final Catalog catalog;
  private final CatalogView view;
  private final Supplier<Aliases> aliases;

  public ModelList(Catalog catalog, CatalogView view, Supplier<Aliases> aliases) {
    this.catalog = catalog;
    this.view = view;
    this.aliases = aliases;
  }

  /** Waits until there is something to list, which it is at once but for the first second. */
  public CompletionStage<Void> ready() {
    return catalog.rounds().ready(FIRST_ROUND);
  }

  /** Body of {@code GET /v1/models}. */
  public byte[] list(@Variable(Client.VARIABLE) Client client) {
    if (client != null && !client.limits().allowsAll()) return opened(client.limits());
    return view.openAi(
        aliases.get().names().stream()
            .map(alias -> Json.bytes(model(alias, "caravan", 0)))
            .toList());
  }

  /** The same with what a key opens alone. */
  private byte[] opened(Client.Limits limits) {
    var list = Json.object().put("object", "list");
    var data = list.putArray("data");
    for (var alias : aliases.get().names()) {
      if (isOpen(limits, alias)) data.add(model(alias, "caravan", 0));
    }
    catalog
        .all()
        .forEach(
            (service, models) -> {
              for (var model : models) {
                var id = model.path("id").asText();
                if (Permissions.allow(limits, null, service.name(), id))
                  data.add(entry(service, model));
              }
            });
    return Json.bytes(list);
  }

  /** An alias is open with one of its targets: calls take that one. */
  private boolean isOpen(Client.Limits limits, String alias) {
    return aliases.get().get(alias).stream()
        .anyMatch(
            name ->
                catalog.services().all().stream()
                    .filter(service -> serves(service, name))
                    .anyMatch(
                        service ->
                            Permissions.allow(
                                limits, alias, service.name(), plain(service, name))));
  }

  private boolean serves(Service service, String name) {
    return !plain(service, name).equals(name) || catalog.model(service, name) != null;
  }

  /** The model's name without the service before it. */
  private static String plain(Service service, String name) {
    boolean named = name.startsWith(service.name() + "~") || name.startsWith(service.name() + "/");
    return named ? name.substring(service.name().length() + 1) : name;
  }

  /** The model's name in a path such as {@code /v1/models/{id}}: slashes encoded or not. */
  public ObjectNode wanted(@Header(Exchange.HTTP_PATH) String path) {
    var name = path.substring(path.indexOf(PATH) + PATH.length());
    var encoded = name.replace("+", "%2B");
    try {
      return Json.object().put("model", URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new GatewayException.InvalidRequest(
          "The model's name in the URL is not valid percent-encoding.", "model", null);
    }
  }

  /**
   * Body of {@code GET /v1/models/{id}} for an alias or a model of a known list; null if its
   * service has to be asked.
   */
  public byte[] known(
      @Variable("request") ObjectNode request, @Variable("targets") List<?> targets) {
    var wanted = request.path("model").asText();
    if (aliases.get().get(wanted) != null) return Json.bytes(model(wanted, "caravan", 0));
    var target = (Target) targets.get(0);
    var models = catalog.models(target.service());
    return models == null ? null : one(target, models);
  }

  /** The same from the list that the target's service has given just now. */
  public byte[] answered(@Body JsonNode models, @Variable(Target.VARIABLE) Target target) {
    return one(target, models);
  }

  private static byte[] one(Target target, Iterable<? extends JsonNode> models) {
    for (var model : models) {
      if (TargetChoice.answersTo(model, target.model())) {
        return Json.bytes(entry(target.service(), model));
      }
    }
    throw new GatewayException.ModelNotFound(target.unifiedName());
  }

  private static ObjectNode entry(Service service, JsonNode model) {
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

package io.caravan.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.catalog.Catalog;
import io.caravan.errors.GatewayException;
import io.caravan.errors.OpenAiErrors;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models on this machine as a service like any other. */
public final class LocalService {

  private static final Logger LOG = LoggerFactory.getLogger(LocalService.class);

  /** The provider whose services these models are. */
  public static final String PROVIDER = "llamacpp";

  private static final String NOT_READY = "The model {} is not ready at the start: {}";

  private final LocalModels models;
  private final Catalog catalog;
  private volatile ArrayNode told;

  public LocalService(LocalModels models, Catalog catalog) {
    this.models = models;
    this.catalog = catalog;
  }

  /** The models as OpenAI model objects; those that cannot be loaded are marked. */
  public ArrayNode models() {
    var list = Json.array();
    for (var model : models.models()) {
      var entry = Json.object().put("id", model.name()).put("object", "model");
      entry
          .put("owned_by", "local")
          .put("usable", model.offered())
          .put("loaded", model.state() == LocalModel.State.LOADED)
          .set("aliases", aliases(model));
      list.add(LocalDetails.add(model, entry));
    }
    return list;
  }

  private static ArrayNode aliases(LocalModel model) {
    var aliases = Json.array().add(model.stem()).add(model.stem() + ".gguf");
    if (!model.file().equals(model.stem() + ".gguf")) aliases.add(model.file());
    return aliases;
  }

  /** Has the folders read while the rest of the gateway starts. */
  public void lookEarly() {
    var reader = new Thread(this::look, "first-look");
    reader.setDaemon(true);
    reader.start();
  }

  /** Loads the model that is to be ready from the start, null for none; nobody waits for it. */
  public void preload(String model) {
    if (model == null) return;
    models
        .start(model)
        .whenComplete(
            (address, failure) -> {
              if (failure == null) LOG.info("The model {} is loaded", model);
              else LOG.warn(NOT_READY, model, OpenAiErrors.render(failure).message());
            });
  }

  /** To be called every second: what is new in the folders is known to the catalog at once. */
  public void look() {
    models.tick();
    var now = models();
    if (now.equals(told)) return;
    told = now;
    for (var service : catalog.services().all()) {
      if (service.provider().name().equals(PROVIDER)) catalog.learned(service, now);
    }
  }

  /** The name by which a model of these is known to clients. */
  String unified(String model) {
    for (var service : catalog.services().all()) {
      if (service.provider().name().equals(PROVIDER))
        return Target.of(service, model).unifiedName();
    }
    throw new GatewayException.Unavailable("There is no service of local models.", 60);
  }
}

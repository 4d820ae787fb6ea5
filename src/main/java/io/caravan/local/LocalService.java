package io.caravan.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.catalog.Catalog;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/** The models on this machine as a service like any other: what the llamacpp Kamelet calls. */
public final class LocalService {

  private final LocalModels models;
  private final Catalog catalog;

  public LocalService(LocalModels models, Catalog catalog) {
    this.models = models;
    this.catalog = catalog;
  }

  /** The models that can be loaded, as OpenAI model objects. */
  public ArrayNode models() {
    var list = Json.array();
    for (var model : models.models()) {
      if (model.gguf() == null) continue;
      var entry = Json.object().put("id", model.name()).put("object", "model");
      entry
          .put("owned_by", "local")
          .putArray("aliases")
          .add(model.stem())
          .add(model.stem() + ".gguf");
      list.add(entry.put("loaded", model.state() == LocalModel.State.LOADED));
    }
    return list;
  }

  /** Has the target's model running and turns the target to its worker. Parks no thread. */
  public CompletionStage<Void> start(Exchange exchange) {
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    return models
        .start(target.model())
        .thenAccept(
            worker -> {
              exchange.setVariable(Target.VARIABLE, target.at(worker.url(), worker.secret()));
              noteLoaded(target);
            });
  }

  /** A model that was loaded just now serves requests that name none, before discovery sees it. */
  private void noteLoaded(Target target) {
    var listed = catalog.models(target.service());
    boolean noted =
        listed != null
            && listed.stream()
                .filter(model -> model.path("id").asText().equals(target.model()))
                .anyMatch(model -> model.path("loaded").asBoolean());
    if (!noted) catalog.learned(target.service(), models());
  }
}

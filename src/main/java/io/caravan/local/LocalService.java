package io.caravan.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.catalog.Catalog;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import io.caravan.streaming.Cancellation;
import java.util.concurrent.CompletableFuture;
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
      list.add(LocalDetails.add(model, entry));
    }
    return list;
  }

  /**
   * Has the target's model running and turns the target to its worker. Parks no thread; a client
   * that leaves ends the wait, not the loading, which others may be waiting for too.
   */
  public CompletionStage<Void> start(Exchange exchange) {
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    var started = new CompletableFuture<Void>();
    exchange
        .getProperty(Cancellation.PROPERTY, Cancellation.class)
        .onCancel(() -> started.completeExceptionally(new GatewayException.Cancelled()));
    models
        .start(target.model())
        .thenAccept(
            worker -> {
              exchange.setVariable(Target.VARIABLE, target.at(worker.url(), worker.secret()));
              noteLoaded(target);
            })
        .whenComplete(
            (done, failure) -> {
              if (failure == null) started.complete(null);
              else started.completeExceptionally(failure);
            });
    return started;
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

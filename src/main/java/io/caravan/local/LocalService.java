package io.caravan.local;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Catalog;
import io.caravan.errors.GatewayException;
import io.caravan.errors.OpenAiErrors;
import io.caravan.json.Json;
import io.caravan.local.worker.RequestCheck;
import io.caravan.routing.Target;
import io.caravan.streaming.Cancellation;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The models on this machine as a service like any other: what the llamacpp Kamelet calls. */
public final class LocalService {

  private static final Logger LOG = LoggerFactory.getLogger(LocalService.class);

  /** The provider whose services these models are. */
  static final String PROVIDER = "llamacpp";

  /** Exchange property with the {@link Lease} of a call. */
  private static final String LEASE = "CaravanLease";

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
          .put("usable", model.loadable() && Files.exists(model.path()))
          .put("loaded", model.state() == LocalModel.State.LOADED)
          .putArray("aliases")
          .add(model.stem())
          .add(model.stem() + ".gguf")
          .add(model.file());
      list.add(LocalDetails.add(model, entry));
    }
    return list;
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
              else LOG.warn("{}", OpenAiErrors.render(failure).message());
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

  /**
   * Has the target's model running and turns the target to its worker, which is then kept until the
   * call is over. Parks no thread; a client that leaves ends the wait, not the loading, which
   * others may be waiting for too.
   */
  public CompletionStage<Void> start(Exchange exchange) {
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    return lease(exchange, target.model(), claim(exchange))
        .thenAccept(
            lease -> {
              check(exchange, lease);
              var worker = lease.address();
              exchange.setVariable(Target.VARIABLE, target.at(worker.url(), worker.secret()));
            });
  }

  /** Tokens are counted beside the slots. */
  private static Claim claim(Exchange exchange) {
    var operation = exchange.getVariable("operation", "", String.class);
    return operation.endsWith("tokenize") ? Claim.ASIDE : Claim.GENERATE;
  }

  /** Our own workers check for themselves. */
  private static void check(Exchange exchange, Lease lease) {
    if (!lease.placement().engine().equals(LlamaServers.NAME)) return;
    var operation = exchange.getVariable("operation", String.class);
    if (exchange.getMessage().getBody() instanceof ObjectNode request) {
      RequestCheck.of(operation, request, lease.model().gguf());
    }
  }

  /**
   * Starts the model once more if a call did not reach its worker because that had died; else the
   * call's failure stands.
   */
  public CompletionStage<Void> again(Exchange exchange) {
    var failure =
        exchange.getProperty(Exchange.EXCEPTION_CAUGHT, GatewayException.Unreachable.class);
    return exchange
        .getProperty(LEASE, Lease.class)
        .lostUntouched(failure.sent())
        .thenCompose(
            lost -> lost ? start(exchange) : CompletableFuture.<Void>failedFuture(failure));
  }

  /** The name by which a model of these is known to clients. */
  String unified(String model) {
    for (var service : catalog.services().all()) {
      if (service.provider().name().equals(PROVIDER))
        return Target.of(service, model).unifiedName();
    }
    throw new GatewayException.Unavailable("There is no service of local models.", 60);
  }

  /**
   * The right to use a model until the call is over, with a slot of it if the claim is for one. A
   * call has one at a time.
   */
  CompletableFuture<Lease> lease(Exchange exchange, String model, Claim claim) {
    var before = exchange.getProperty(LEASE, Lease.class);
    if (before != null) before.release();
    var cancellation = exchange.getProperty(Cancellation.PROPERTY, Cancellation.class);
    var asked = models.use(model, claim);
    giveUp(asked, cancellation);
    return asked.thenCompose(
        lease -> {
          exchange.setProperty(LEASE, lease);
          cancellation.atEnd(lease::release);
          giveUp(lease.slot(), cancellation);
          return lease
              .slot()
              .thenCompose(
                  given ->
                      given
                          ? CompletableFuture.completedFuture(lease)
                          : lease(exchange, model, claim));
        });
  }

  private static void giveUp(CompletableFuture<?> wait, Cancellation cancellation) {
    cancellation.onCancel(() -> wait.completeExceptionally(new GatewayException.Cancelled()));
  }
}

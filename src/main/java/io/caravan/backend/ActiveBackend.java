package io.caravan.backend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Capability;
import io.caravan.catalog.Catalog;
import io.caravan.errors.GatewayException;
import io.caravan.errors.Wrapped;
import io.caravan.jobs.Job;
import io.caravan.jobs.Jobs;
import io.caravan.jobs.JobsApi;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/**
 * The one model that serves requests that name none, and how it came to do so. It is loaded and
 * unloaded by jobs like any other.
 */
public final class ActiveBackend {

  /** Exchange variable with the {@link LoadRequest} of an activation. */
  static final String WANTED = "wanted";

  enum Status {
    Inactive,
    Loading,
    Configuring,
    Ready,
    Failed,
    Unloading
  }

  private final Catalog catalog;
  private final Jobs jobs;
  private final JobsApi ends;
  private Status status = Status.Inactive;
  private LoadRequest wanted;
  private LoadRequest serving;
  private Target active;
  private String lastError;

  ActiveBackend(Catalog catalog, Jobs jobs, JobsApi ends) {
    this.catalog = catalog;
    this.jobs = jobs;
    this.ends = ends;
  }

  /**
   * Accepts a wish, which is then fulfilled step by step.
   *
   * @throws GatewayException.Conflict while another one is being fulfilled
   */
  synchronized void accept(LoadRequest request) {
    if (isBusy()) {
      throw new GatewayException.Conflict(
          "A model is being loaded or unloaded. GET /api/v1/models/status tells when it is ready.",
          "backend_busy");
    }
    wanted = request;
    lastError = null;
    status = active == null ? Status.Loading : Status.Unloading;
  }

  /** Notes why a wish was refused, which leaves what is active as it is. */
  synchronized GatewayException refused(GatewayException why) {
    if (isBusy()) return why;
    lastError = why.getMessage();
    if (active == null) status = Status.Failed;
    return why;
  }

  private boolean isBusy() {
    return status == Status.Loading || status == Status.Unloading || status == Status.Configuring;
  }

  /** The service of the wish as body: it is asked what it has before anything is unloaded. */
  public synchronized void next(Exchange exchange) {
    exchange.getMessage().setBody(wanted.service());
  }

  /**
   * Unloads the model that was active before; that this fails hinders nobody.
   *
   * @throws GatewayException if the service does not have the next one: the active one stays
   */
  public CompletionStage<Void> unloadPrevious(Exchange exchange) {
    Target previous;
    synchronized (this) {
      wanted.target(catalog);
      previous = active;
      active = null;
    }
    boolean unloads = previous != null && Capability.has(previous.service(), "unload");
    if (!unloads) return nowLoading();
    return run("unload", previous, null)
        .handle((job, failure) -> null)
        .thenCompose(v -> nowLoading());
  }

  private synchronized CompletionStage<Void> nowLoading() {
    status = Status.Loading;
    return CompletableFuture.completedStage(null);
  }

  /** Loads the model if its service loads on request. */
  public CompletionStage<Void> load(Exchange exchange) {
    LoadRequest request;
    synchronized (this) {
      request = wanted;
    }
    var target = request.target(catalog);
    if (!Capability.has(target.service(), "load")) return ready(target);
    return run("load", target, Json.object())
        .thenCompose(
            job -> {
              if (job.state() == Job.State.SUCCEEDED) return ready(target);
              var why =
                  job.error() == null ? job.state().text() : job.error().path("message").asText();
              throw new GatewayException.Unavailable(why, 5);
            });
  }

  /** Notes why the wish was not fulfilled; a model that was not unloaded for it serves on. */
  public synchronized void failed(Exchange exchange) {
    var caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
    var cause = Wrapped.cause(caught);
    status = active == null ? Status.Failed : Status.Ready;
    lastError =
        cause instanceof GatewayException ? cause.getMessage() : "It failed; the log says more.";
  }

  synchronized Target active() {
    return active;
  }

  synchronized Status status() {
    return status;
  }

  /** Body of {@code GET /api/v1/models/status}, but for how it generates. */
  synchronized ObjectNode json() {
    var json = Json.object();
    var told = active == null ? wanted : serving;
    json.put("backend_type", told == null ? null : told.service().name());
    json.put("active_model", active == null ? null : active.model());
    json.put("status", status.name()).put("last_error", lastError);
    var details = json.putObject("backend_details");
    if (told == null) return json;
    details.put("provider", told.service().provider().title());
    details.put("model", told.model()).put("device", told.device());
    details.put("quantization", told.quantization());
    return json;
  }

  private synchronized CompletionStage<Void> ready(Target target) {
    active = target;
    serving = wanted;
    status = Status.Ready;
    return CompletableFuture.completedStage(null);
  }

  private CompletionStage<Job> run(String type, Target target, ObjectNode options) {
    synchronized (this) {
      if (type.equals("load")) status = Status.Loading;
    }
    return ends.end(jobs.create(type, target.service().name(), target.model(), options));
  }
}

package io.caravan.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.local.worker.ServerDialect;
import io.caravan.resilience.CallLoop;
import io.caravan.routing.Stage;
import io.caravan.routing.Target;
import io.caravan.streaming.Cancellation;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/** Calls of local models, from the wish for a model to its answer: for the llamacpp Kamelet. */
public final class LocalCalls {

  /** Exchange property with the {@link Lease} of a call. */
  private static final String LEASE = "CaravanLease";

  /** Exchange property with the {@link ServerCall} of a call of llama-server. */
  private static final String CALL = "CaravanServerCall";

  private final LocalModels models;
  private final CallLoop loop;
  private final Stage api = new Stage("call-llama-api", List.of("operation", Target.VARIABLE));

  /**
   * @param loop of each call
   */
  public LocalCalls(LocalModels models, CallLoop loop) {
    this.models = models;
    this.loop = loop;
  }

  /**
   * Has the target's model running and turns the target to its worker, which is then kept until the
   * call is over. Parks no thread; a client that leaves gives up its place.
   */
  public CompletionStage<Void> start(Exchange exchange) {
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    return lease(exchange, target.model(), claim(exchange))
        .thenCompose(
            lease -> {
              var worker = lease.address();
              exchange.setVariable(Target.VARIABLE, target.at(worker.url(), worker.secret()));
              return prepared(exchange, lease);
            });
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

  /** Tells a refusal of the engine's in our own workers' words. */
  public void refused(Exchange exchange) {
    var failure =
        exchange.getProperty(Exchange.EXCEPTION_CAUGHT, GatewayException.UpstreamFailed.class);
    throw isOurs(exchange) ? failure : ServerDialect.refusal(failure, input(exchange));
  }

  /** Completes what the engine leaves out of its answer. */
  public CompletionStage<Object> answered(Exchange exchange) {
    var body = exchange.getMessage().getBody();
    if (isOurs(exchange)) return CompletableFuture.completedFuture(body);
    var call = exchange.getProperty(CALL, ServerCall.class);
    return call == null ? CompletableFuture.completedFuture(body) : call.answer(body);
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
          return lease.slot().thenCompose(given -> given(given, lease, exchange, model, claim));
        });
  }

  private CompletableFuture<Lease> given(
      boolean given, Lease lease, Exchange exchange, String model, Claim claim) {
    return given ? CompletableFuture.completedFuture(lease) : lease(exchange, model, claim);
  }

  private static void giveUp(CompletableFuture<?> wait, Cancellation cancellation) {
    cancellation.onCancel(() -> wait.completeExceptionally(new GatewayException.Cancelled()));
  }

  /** Tokens are counted beside the slots. */
  private static Claim claim(Exchange exchange) {
    return operation(exchange).endsWith("tokenize") ? Claim.ASIDE : Claim.GENERATE;
  }

  /** Our own workers check and understand for themselves. */
  private CompletionStage<Void> prepared(Exchange exchange, Lease lease) {
    boolean told = exchange.getMessage().getBody() instanceof ObjectNode;
    if (isOurs(exchange) || !told) return CompletableFuture.completedFuture(null);
    var request = (ObjectNode) exchange.getMessage().getBody();
    var call =
        new ServerCall(
            operation(exchange),
            request,
            lease,
            (delay, action) -> loop.later(exchange, delay, action),
            more -> api.send(exchange, another -> another.getMessage().setBody(more)));
    exchange.setProperty(CALL, call);
    exchange.getMessage().setBody(call.request());
    return call.checked(lease, exchange.getProperty(Cancellation.PROPERTY, Cancellation.class));
  }

  private static boolean isOurs(Exchange exchange) {
    var lease = exchange.getProperty(LEASE, Lease.class);
    return !lease.placement().engine().equals(LlamaServers.NAME);
  }

  private static String operation(Exchange exchange) {
    return exchange.getVariable("operation", "", String.class);
  }

  /** The field that holds what a model is to read. */
  private static String input(Exchange exchange) {
    return switch (operation(exchange)) {
      case "embeddings" -> "input";
      case "completions" -> "prompt";
      default -> "messages";
    };
  }
}

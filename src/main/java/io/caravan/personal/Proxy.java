package io.caravan.personal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import io.caravan.routing.Wishes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.spi.Synchronization;
import org.apache.camel.support.SynchronizationAdapter;

/** {@code /proxy/llm/v1}: OpenAI's API in front of the one service that the caller has chosen. */
public final class Proxy {

  private static final Duration FRESH = Duration.ofSeconds(5);
  private static final String READY = "ready";

  private final Choices choices;
  private final Executor blocking;
  private final Clock clock;
  private final Inquiries finding = new Inquiries();
  private final Inquiries asking = new Inquiries();

  /**
   * @param blocking where the database is asked, which must not be on an event loop
   */
  Proxy(Choices choices, Executor blocking, Clock clock) {
    this.choices = choices;
    this.blocking = blocking;
    this.clock = clock;
  }

  /** Finds the caller's service: variables {@code ready} and {@code service}. */
  public CompletionStage<Void> find(Exchange exchange) {
    return ready(Client.of(exchange), exchange)
        .thenAccept(
            ready -> {
              BackendRights.of(Client.of(exchange), ready).requireService();
              exchange.setVariable(READY, ready);
              exchange.setVariable("service", ready.service());
            });
  }

  private CompletionStage<Choices.Ready> ready(Client client, Exchange exchange) {
    if (choices.lately().ready(client) != null) return load(client, exchange);
    var other = finding.after(client.id());
    if (other != null) return other.thenCompose(v -> load(client, exchange));
    try {
      return load(client, exchange).whenComplete((found, failure) -> finding.done(client.id()));
    } catch (RejectedExecutionException e) {
      finding.done(client.id());
      throw e;
    }
  }

  private CompletionStage<Choices.Ready> load(Client client, Exchange exchange) {
    var known = choices.lately().ready(client);
    if (known != null) return CompletableFuture.completedStage(known);
    var context = exchange.getContext();
    return CompletableFuture.supplyAsync(() -> choices.ready(client, context), blocking);
  }

  /** The models of a moment ago, or as another call is told them; no body: this one has to ask. */
  public CompletionStage<byte[]> known(Exchange exchange) {
    var client = Client.of(exchange);
    var user = client.id();
    exchange.getMessage().setBody(null);
    var list = listed(exchange);
    if (list != null) return CompletableFuture.completedStage(list);
    var other = asking.after(user);
    if (other != null) return other.thenApply(v -> listed(exchange));
    exchange.getExchangeExtension().addOnCompletion(asked(user)); // however it ends
    return CompletableFuture.completedStage(null);
  }

  private Synchronization asked(String user) {
    return new SynchronizationAdapter() {
      @Override
      public void onDone(Exchange exchange) {
        asking.done(user);
      }
    };
  }

  private byte[] listed(Exchange exchange) {
    var outcome = choices.lately().outcome(Client.of(exchange), FRESH);
    return outcome == null || !outcome.isConnected() ? null : list(outcome, exchange);
  }

  /** The models that the service has just told. */
  public byte[] told(Exchange exchange, @Body JsonNode models) {
    var ready = exchange.getVariable(READY, Choices.Ready.class);
    var told = models.<com.fasterxml.jackson.databind.node.ArrayNode>deepCopy();
    var outcome = new Outcome(ready.service(), clock.instant(), told, null, 0);
    var client = Client.of(exchange);
    choices.lately().note(client, outcome);
    asking.done(client.id());
    return list(outcome, exchange);
  }

  private static byte[] list(Outcome outcome, Exchange exchange) {
    return Json.bytes(outcome.list(rights(exchange)::opens));
  }

  private static BackendRights rights(Exchange exchange) {
    return BackendRights.of(Client.of(exchange), exchange.getVariable(READY, Choices.Ready.class));
  }

  /**
   * The one target of a chat: the caller's service with the model that the request names, or the
   * chosen one.
   *
   * @throws InvalidRequest if neither names one, or others are to stand by
   * @throws GatewayException.Refused if the caller's key does not open it
   */
  public void target(Exchange exchange) {
    var ready = exchange.getVariable(READY, Choices.Ready.class);
    var request = exchange.getVariable("request", ObjectNode.class);
    var model = request.path("model").asText(ready.choice().defaultModel());
    if (model == null) {
      throw new InvalidRequest(
          "Missing required parameter: 'model'. GET /proxy/llm/v1/models lists the models;"
              + " default_model in your settings is used for requests without.",
          "model",
          "missing_required_parameter");
    }
    rights(exchange).require(model);
    var wishes = exchange.getVariable(Wishes.VARIABLE, Wishes.class);
    if (wishes != null && !wishes.fallbacks().isEmpty()) {
      throw new InvalidRequest(
          "'fallbacks' is not taken here: only the service of your settings is called.",
          "fallbacks",
          "unsupported_parameter");
    }
    exchange.setVariable("targets", List.of(Target.of(ready.service(), model)));
  }
}

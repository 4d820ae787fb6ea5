package io.caravan.resilience;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Capability;
import io.caravan.dialect.CompletionChunks;
import io.caravan.errors.GatewayException;
import io.caravan.routing.Parameters;
import io.caravan.routing.Target;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import io.caravan.streaming.HeldStream;
import io.caravan.streaming.ListStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** The two ends of an attempt: what goes to a target, and when its answer may be believed. */
public final class Dispatch {

  /** Exchange variable: names of the parameters that the target does not take, a list. */
  public static final String DROPPED = "dropped";

  /**
   * Fits the request to the variable {@code target} of this attempt, as the body.
   *
   * @throws GatewayException.Unavailable if the target's service is not wholly configured
   */
  public void prepare(Exchange exchange) {
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    var obstacle = target.service().obstacle();
    if (obstacle != null) {
      throw new GatewayException.Unavailable(
          "The service `%s` cannot be used: %s.".formatted(target.service().name(), obstacle), 60);
    }
    var fitted = Parameters.fit(exchange.getVariable("request", ObjectNode.class), target);
    exchange.setVariable("endpoint", target.service().endpoint());
    exchange.setVariable(DROPPED, fitted.dropped());
    exchange.getMessage().removeHeaders("*"); // no header of the client, or of an attempt before
    exchange.getMessage().setBody(fitted.body());
  }

  /**
   * Waits until an answer is certain: at once if it is whole, at the first content if it is a
   * stream. Until then a failure can still become a status code, or another attempt.
   */
  public CompletionStage<Object> commit(Exchange exchange) {
    Object answer = exchange.getMessage().getBody();
    var resumption = resumption(exchange);
    if (!(answer instanceof AnswerStream<?> stream)) {
      if (resumption == null) return CompletableFuture.completedStage(answer);
      return held(new ListStream<>(CompletionChunks.of((ObjectNode) answer)), exchange);
    }
    var request = exchange.getVariable("request", ObjectNode.class);
    if (!request.path("stream").asBoolean(false)) {
      stream.cancel();
      throw new GatewayException.BadAnswer("a stream although none was asked for");
    }
    return held(stream, exchange);
  }

  @SuppressWarnings("unchecked")
  private static CompletionStage<Object> held(AnswerStream<?> stream, Exchange exchange) {
    var chunks = (AnswerStream<ObjectNode>) stream;
    var resumption = resumption(exchange);
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    if (resumption != null) chunks = resumption.joined(chunks, target);
    var cancellation = exchange.getProperty(Cancellation.PROPERTY, Cancellation.class);
    return HeldStream.untilContent(chunks, Delivered::isContent, cancellation)
        .thenApply(committed -> committed);
  }

  private static Resumption resumption(Exchange exchange) {
    return exchange.getVariable(Attempts.VARIABLE, Attempts.class).resumption();
  }

  /**
   * Answers an operation that the target's Kamelet does not have.
   *
   * @throws GatewayException always: NotSupported for what concerns models, else InvalidRequest
   */
  public void refuse(@Variable("target") Target target, @Variable("operation") String operation) {
    Capability.refuse(target.service(), operation);
    throw new GatewayException.InvalidRequest(
        "The service `%s` (%s) has no %s. Choose a model of another service."
            .formatted(target.service().name(), target.service().provider().title(), operation),
        "model",
        "unsupported_operation");
  }
}

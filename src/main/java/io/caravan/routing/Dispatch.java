package io.caravan.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Capability;
import io.caravan.errors.GatewayException;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import io.caravan.streaming.HeldStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** The two ends of an attempt: what goes to a target, and when its answer may be believed. */
public final class Dispatch {

  /** Exchange variable: names of the parameters that the target does not take, a list. */
  public static final String DROPPED = "dropped";

  /**
   * Turns the exchange to its first target: variable {@code target}, and as body the request fitted
   * to it.
   *
   * @throws GatewayException.Unavailable if the target's service is not wholly configured
   */
  public void prepare(Exchange exchange) {
    var target = (Target) exchange.getVariable("targets", List.class).get(0);
    var obstacle = target.service().obstacle();
    if (obstacle != null) {
      throw new GatewayException.Unavailable(
          "The service `%s` cannot be used: %s.".formatted(target.service().name(), obstacle), 60);
    }
    var fitted = Parameters.fit(exchange.getVariable("request", ObjectNode.class), target);
    exchange.setVariable(Target.VARIABLE, target);
    exchange.setVariable("endpoint", target.service().endpoint());
    exchange.setVariable(DROPPED, fitted.dropped());
    exchange.getMessage().setBody(fitted.body());
  }

  /**
   * Waits until an answer is certain: at once if it is whole, at the first content if it is a
   * stream. Until then a failure can still become a status code.
   */
  @SuppressWarnings("unchecked")
  public CompletionStage<Object> commit(Exchange exchange) {
    Object answer = exchange.getMessage().getBody();
    if (!(answer instanceof AnswerStream<?> stream))
      return CompletableFuture.completedStage(answer);
    var request = exchange.getVariable("request", ObjectNode.class);
    if (!request.path("stream").asBoolean(false)) {
      stream.cancel();
      throw new GatewayException.BadAnswer("a stream although none was asked for");
    }
    var chunks = (AnswerStream<ObjectNode>) stream;
    var cancellation = exchange.getProperty(Cancellation.PROPERTY, Cancellation.class);
    return HeldStream.untilContent(chunks, Dispatch::isContent, cancellation)
        .thenApply(committed -> committed);
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

  /** Whether a chunk brings more than the role: text, a tool call, or the end. */
  private static boolean isContent(ObjectNode chunk) {
    for (JsonNode choice : chunk.path("choices")) {
      if (choice.hasNonNull("finish_reason") || choice.hasNonNull("text")) return true;
      for (var field : choice.path("delta").properties()) {
        var value = field.getValue();
        boolean empty = value.isNull() || value.isTextual() && value.asText().isEmpty();
        if (!empty && !field.getKey().equals("role")) return true;
      }
    }
    return false;
  }
}

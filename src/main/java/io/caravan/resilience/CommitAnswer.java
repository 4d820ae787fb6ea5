package io.caravan.resilience;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.dialect.CompletionChunks;
import io.caravan.dialect.Embeddings;
import io.caravan.errors.GatewayException;
import io.caravan.routing.Target;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import io.caravan.streaming.HeldStream;
import io.caravan.streaming.ListStream;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;

/**
 * The end of an attempt that has answered: goes on when the answer is certain, at once if it is
 * whole, at the first content if it is a stream. Until then a failure can still become a status
 * code, or another attempt; behind it no other attempt follows.
 */
public final class CommitAnswer extends AsyncProcessorSupport {

  private final Rescue rescue;

  public CommitAnswer(Rescue rescue) {
    this.rescue = rescue;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    var attempts = exchange.getVariable(Attempts.VARIABLE, Attempts.class);
    Object answer = exchange.getMessage().getBody();
    try {
      if (answer instanceof AnswerStream<?> stream) {
        hold(asked(stream, exchange), attempts, exchange, callback);
        return false;
      }
      if (attempts.resumption() != null) {
        hold(
            new ListStream<>(CompletionChunks.of((ObjectNode) answer)),
            attempts,
            exchange,
            callback);
        return false;
      }
      whole(answer, attempts, exchange);
    } catch (RuntimeException e) {
      exchange.setException(e);
    }
    callback.done(true);
    return true;
  }

  private static void whole(Object answer, Attempts attempts, Exchange exchange) {
    boolean vectors = "embeddings".equals(exchange.getVariable("operation", String.class));
    if (vectors && answer instanceof JsonNode tree) Embeddings.whole(tree);
    exchange.setVariable(Attempting.TRYING, false);
    var attempt = attempts.latest();
    attempt.answered();
    if (answer instanceof JsonNode tree) attempt.used(tree.path("usage"));
    attempt.succeeded();
  }

  @SuppressWarnings("unchecked")
  private static AnswerStream<ObjectNode> asked(AnswerStream<?> stream, Exchange exchange) {
    var request = exchange.getVariable("request", ObjectNode.class);
    if (request.path("stream").asBoolean(false)) return (AnswerStream<ObjectNode>) stream;
    stream.cancel();
    throw new GatewayException.BadAnswer("a stream although none was asked for");
  }

  private void hold(
      AnswerStream<ObjectNode> chunks,
      Attempts attempts,
      Exchange exchange,
      AsyncCallback callback) {
    committed(chunks, attempts, exchange)
        .whenComplete(
            (stream, failure) -> {
              if (failure != null) exchange.setException(failure);
              else begun(stream, attempts, exchange);
              callback.done(false);
            });
  }

  private static CompletionStage<AnswerStream<ObjectNode>> committed(
      AnswerStream<ObjectNode> chunks, Attempts attempts, Exchange exchange) {
    var resumption = attempts.resumption();
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    var cancellation = exchange.getProperty(Cancellation.PROPERTY, Cancellation.class);
    var joined = resumption == null ? chunks : resumption.joined(chunks, target);
    return HeldStream.untilContent(joined, Delivered::isContent, cancellation);
  }

  private void begun(AnswerStream<ObjectNode> stream, Attempts attempts, Exchange exchange) {
    exchange.setVariable(Attempting.TRYING, false);
    attempts.latest().answered();
    exchange.getMessage().setBody(rescue.watch(exchange, stream, attempts));
  }
}

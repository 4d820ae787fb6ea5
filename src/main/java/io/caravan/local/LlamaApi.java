package io.caravan.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.routing.Target;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.service.ServiceHelper;

/** Sends more requests of a call to its model, through the stage that sent the first one. */
final class LlamaApi {

  private static final String STAGE = "direct:call-llama-api";
  private static final List<String> KEPT = List.of("operation", Target.VARIABLE);

  private AsyncProducer stage;

  /** Completes with the answer, whole or a stream; fails as the stage does. */
  CompletionStage<Object> send(Exchange call, ObjectNode request) {
    var more = new DefaultExchange(call.getContext());
    call.getProperties().forEach(more::setProperty);
    KEPT.forEach(name -> more.setVariable(name, call.getVariable(name)));
    more.getMessage().setBody(request);
    var answer = new CompletableFuture<Object>();
    producer(call.getContext())
        .process(
            more,
            doneSync -> {
              if (more.getException() != null) answer.completeExceptionally(more.getException());
              else answer.complete(more.getMessage().getBody());
            });
    return answer;
  }

  private synchronized AsyncProducer producer(CamelContext context) {
    if (stage != null) return stage;
    try {
      stage = context.getEndpoint(STAGE).createAsyncProducer();
    } catch (Exception e) {
      throw new IllegalStateException("stage call-llama-api cannot be reached", e);
    }
    ServiceHelper.startService(stage);
    return stage;
  }
}

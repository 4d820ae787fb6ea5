package io.caravan.routing;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.service.ServiceHelper;

/** A stage that a call is sent through once more, beside the way that it takes itself. */
public final class Stage {

  private final String name;
  private final List<String> kept;
  private AsyncProducer producer;

  /**
   * @param name as in {@code direct:<name>}
   * @param kept the variables of a call that the stage needs
   */
  public Stage(String name, List<String> kept) {
    this.name = name;
    this.kept = kept;
  }

  /**
   * Sends an exchange of its own for the call, with the call's properties.
   *
   * @param prepare sets what is different in it
   * @return completes with the body, fails as the stage does
   */
  public CompletionStage<Object> send(Exchange call, Consumer<Exchange> prepare) {
    var again = new DefaultExchange(call.getContext());
    call.getProperties().forEach(again::setProperty);
    kept.forEach(variable -> again.setVariable(variable, call.getVariable(variable)));
    prepare.accept(again);
    var answer = new CompletableFuture<Object>();
    producer(call.getContext())
        .process(
            again,
            doneSync -> {
              if (again.getException() != null) answer.completeExceptionally(again.getException());
              else answer.complete(again.getMessage().getBody());
            });
    return answer;
  }

  private synchronized AsyncProducer producer(CamelContext context) {
    if (producer != null) return producer;
    try {
      producer = context.getEndpoint("direct:" + name).createAsyncProducer();
    } catch (Exception e) {
      throw new IllegalStateException("stage " + name + " cannot be reached", e);
    }
    ServiceHelper.startService(producer);
    return producer;
  }
}

package io.caravan.inbound;

import io.caravan.errors.OpenAiErrors;
import io.caravan.routing.Target;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** Puts a failure into the exchange as the answer that an OpenAI client understands. */
public final class ErrorWriter implements Processor {

  /** Replaces whatever message there is by the exception, rendered by the table. */
  @Override
  public void process(Exchange exchange) {
    var failure = exchange.getException();
    exchange.setException(null);
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    var error = OpenAiErrors.render(failure);
    if (target != null) error = target.discreet(error);
    var message = exchange.getMessage();
    message.removeHeaders("*");
    error.headers().forEach(message::setHeader);
    Provenance.tell(exchange);
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, error.status());
    message.setHeader(Exchange.CONTENT_TYPE, "application/json");
    message.setBody(error.body());
  }
}

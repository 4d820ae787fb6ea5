package io.caravan.inbound;

import io.caravan.resilience.Attempts;
import org.apache.camel.Exchange;

/** Headers that say where an answer comes from, and what it took to get it. */
final class Provenance {

  private Provenance() {}

  /** Sets the headers as far as the call has come. */
  static void tell(Exchange exchange) {
    var attempts = exchange.getVariable(Attempts.VARIABLE, Attempts.class);
    if (attempts == null) return;
    var message = exchange.getMessage();
    if (attempts.latest() != null) {
      message.setHeader("x-caravan-service", attempts.latest().target().service().name());
    }
    message.setHeader("x-caravan-attempts", attempts.count());
    if (attempts.reason() != null) {
      message.setHeader("x-caravan-fallback-reason", attempts.reason().word());
    }
  }
}

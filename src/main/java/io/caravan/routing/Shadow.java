package io.caravan.routing;

import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** Makes a copy of a call, as the {@code wireTap} EIP takes it, a call that no client waits for. */
public final class Shadow {

  /** From here on the client's leaving does not end the copy. */
  public void detach(Exchange exchange) {
    var own = new Cancellation();
    exchange.setProperty(Cancellation.PROPERTY, own);
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange done) {
                own.end();
              }
            });
  }

  /** Drops the answer; a stream is ended at its service. */
  public void drop(Exchange exchange) {
    if (exchange.getMessage().getBody() instanceof AnswerStream<?> stream) stream.cancel();
    exchange.getMessage().setBody(null);
  }
}

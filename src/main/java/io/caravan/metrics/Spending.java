package io.caravan.metrics;

import io.caravan.access.Client;
import io.caravan.access.Throttle;
import io.caravan.edge.CallListener;
import io.caravan.resilience.Attempts;
import org.apache.camel.Exchange;

/** Tells the throttle how many tokens a client's call has taken, where tokens are limited. */
public final class Spending implements CallListener {

  private final CallListener next;
  private final Throttle throttle;

  /**
   * @param next hears of every call too
   */
  public Spending(CallListener next, Throttle throttle) {
    this.next = next;
    this.throttle = throttle;
  }

  @Override
  public void ended(Exchange exchange, Figures figures) {
    var client = exchange.getVariable(Client.VARIABLE, Client.class);
    if (client != null && client.limits().tokensPerMinute() > 0) {
      throttle.spent(client, tokens(exchange, CallRecord.of(exchange, figures)));
    }
    next.ended(exchange, figures);
  }

  /** Where the service does not tell, a chunk counts as a token. */
  private static long tokens(Exchange exchange, CallRecord call) {
    var attempts = exchange.getVariable(Attempts.VARIABLE, Attempts.class);
    var latest = attempts == null ? null : attempts.latest();
    long pieces = latest == null ? 0 : latest.pieces();
    return Math.max(0, call.tokensIn()) + (call.tokensOut() >= 0 ? call.tokensOut() : pieces);
  }
}

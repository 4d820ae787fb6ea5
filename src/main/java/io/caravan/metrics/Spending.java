package io.caravan.metrics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client;
import io.caravan.access.Throttle;
import io.caravan.edge.CallListener;
import io.caravan.inbound.PromptSize;
import io.caravan.resilience.Attempts;
import org.apache.camel.Exchange;

/** Tells the throttle how many tokens a client's call has taken, where tokens are limited. */
public final class Spending implements CallListener {

  private static final int CHARS_PER_TOKEN = 4;

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

  private static long tokens(Exchange exchange, CallRecord call) {
    var attempts = exchange.getVariable(Attempts.VARIABLE, Attempts.class);
    var latest = attempts == null ? null : attempts.latest();
    var request = exchange.getVariable("request", ObjectNode.class);
    return tokens(call.tokensIn(), call.tokensOut(), latest == null ? 0 : latest.pieces(), request);
  }

  /**
   * Where the service does not tell, a chunk of a stream counts as a token, and so do every four
   * characters of its prompt.
   *
   * @param in -1 if the service did not tell, as {@code out}
   * @param pieces 0 if it was no stream
   * @param request null if it was not read
   */
  static long tokens(long in, long out, long pieces, ObjectNode request) {
    boolean guess = in < 0 && pieces > 0 && request != null;
    long prompt = guess ? (PromptSize.chars(request) + CHARS_PER_TOKEN - 1) / CHARS_PER_TOKEN : in;
    return Math.max(0, prompt) + (out >= 0 ? out : pieces);
  }
}

package io.caravan.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client;
import io.caravan.access.Throttle;
import io.caravan.edge.CallListener;
import io.caravan.inbound.PromptSize;
import io.caravan.json.Json;
import io.caravan.resilience.Attempts;
import java.nio.charset.StandardCharsets;
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
    long pieces = latest == null ? 0 : latest.pieces();
    boolean whole = latest != null && pieces == 0 && call.figures().status() == 200;
    if (whole && call.tokensOut() < 0) pieces = answered(exchange.getMessage().getBody());
    // the service may have read the whole prompt, and charge for it
    boolean left = call.figures().clientLeft() && latest != null;
    var taken = pieces > 0 || left ? request : null;
    return tokens(call.tokensIn(), call.tokensOut(), pieces, taken);
  }

  /**
   * What an answer that was not streamed to the gateway may have taken, at least one token. It is
   * an object, or events with one each.
   */
  static long answered(Object body) {
    if (!(body instanceof byte[] bytes)) return 1;
    long chars = 0;
    for (var line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
      chars += PromptSize.textOf(choices(line.replaceFirst("^data: *", "")));
    }
    return Math.max(1, inTokens(chars));
  }

  private static JsonNode choices(String json) {
    try {
      return Json.read(json).path("choices");
    } catch (JsonProcessingException noAnswer) {
      return MissingNode.getInstance();
    }
  }

  private static long inTokens(long chars) {
    return (chars + CHARS_PER_TOKEN - 1) / CHARS_PER_TOKEN;
  }

  /**
   * Where the service does not tell, a chunk of a stream counts as a token, and so do every four
   * characters of its prompt.
   *
   * @param in -1 if the service did not tell, as {@code out}
   * @param pieces chunks of the answer, or a guess at its tokens; 0 if there was none
   * @param request null if no service has taken it
   */
  static long tokens(long in, long out, long pieces, ObjectNode request) {
    boolean guess = in < 0 && request != null;
    long prompt = guess ? inTokens(PromptSize.chars(request)) : in;
    return Math.max(0, prompt) + (out >= 0 ? out : pieces);
  }
}

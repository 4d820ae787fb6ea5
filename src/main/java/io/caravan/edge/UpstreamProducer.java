package io.caravan.edge;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.access.Client;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import io.caravan.routing.Wishes;
import io.caravan.streaming.Cancellation;
import io.vertx.core.Context;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultAsyncProducer;

/** Starts an {@link UpstreamCall} for each exchange, on the event loop that serves its client. */
final class UpstreamProducer extends DefaultAsyncProducer {

  private final UpstreamEndpoint endpoint;

  UpstreamProducer(UpstreamEndpoint endpoint) {
    super(endpoint);
    this.endpoint = endpoint;
  }

  @Override
  public boolean process(Exchange exchange, AsyncCallback callback) {
    try {
      start(exchange, callback);
      return false;
    } catch (RuntimeException e) {
      exchange.setException(e);
      callback.done(true);
      return true;
    }
  }

  private void start(Exchange exchange, AsyncCallback callback) {
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    boolean has = endpoint.sendsBody() && exchange.getMessage().getBody() instanceof JsonNode;
    var tree = has ? (JsonNode) exchange.getMessage().getBody() : null;
    boolean streamed = endpoint.stream() || tree != null && tree.path("stream").asBoolean(false);
    var request =
        new UpstreamRequest(
            endpoint.request(target.url(), exchange),
            UpstreamHeaders.toSend(exchange, target.apiKey(), endpoint.keyHeader(), streamed),
            tree == null ? null : Json.bytes(tree),
            exchange.getMessage().getBody() instanceof Path file ? file : null,
            streamed,
            isFar(target, exchange),
            isOnce(exchange),
            limit(target, streamed),
            endpoint.brief() ? target.limits().brief() : target.limits().whole());
    var loop = exchange.getProperty(EdgeContext.PROPERTY, Context.class);
    if (loop == null) loop = endpoint.clients().anyLoop();
    var answer = new UpstreamAnswer(exchange, callback, endpoint.clients().vertx(), target);
    var call = new UpstreamCall(endpoint.clients(), loop, target, request, answer);
    var cancellation = exchange.getProperty(Cancellation.PROPERTY, Cancellation.class);
    if (cancellation != null) cancellation.onCancel(call::cancel);
    EdgeContext.run(loop, call::start);
  }

  /** A service that a client without admin rights has set up for itself has a space in its name. */
  private static boolean isFar(Target target, Exchange exchange) {
    return target.service().name().indexOf(' ') >= 0 && !Client.of(exchange).isAdmin();
  }

  private static boolean isOnce(Exchange exchange) {
    var wishes = exchange.getVariable(Wishes.VARIABLE, Wishes.class);
    return wishes != null && wishes.maxAttempts() == 1;
  }

  private Duration limit(Target target, boolean streamed) {
    var limits = target.limits();
    if (endpoint.brief()) return limits.brief();
    return streamed ? limits.firstToken() : limits.head();
  }
}

package io.caravan.edge;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import io.caravan.streaming.ServerEvent;
import io.vertx.core.Context;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultExchange;

/**
 * What a service answers to the same question, asked again and again until the listener has heard
 * enough. A question that fails in passing is asked again; several in a row end the stream.
 */
final class PolledStream implements AnswerStream<ServerEvent> {

  private static final int MAX_FAILURES = 4;

  private final UpstreamClients clients;
  private final Context loop;
  private final Exchange origin;
  private final Target target;
  private final UpstreamRequest request;
  private final long everyMillis;
  private final Cancellation asking = new Cancellation();
  private Listener<ServerEvent> listener;
  private int failures;
  private volatile boolean over;

  PolledStream(
      UpstreamClients clients,
      Context loop,
      Exchange origin,
      Target target,
      UpstreamRequest request,
      long everyMillis) {
    this.clients = clients;
    this.loop = loop;
    this.origin = origin;
    this.target = target;
    this.request = request;
    this.everyMillis = everyMillis;
  }

  @Override
  public void listen(Listener<ServerEvent> to) {
    listener = to;
    EdgeContext.run(loop, this::ask);
  }

  @Override
  public void began() {
    // each question has its own time limit
  }

  @Override
  public void pause() {
    // one small answer at a time: there is nothing to hold back
  }

  @Override
  public void resume() {
    // see pause
  }

  @Override
  public void cancel() {
    over = true;
    asking.cancel();
  }

  private void ask() {
    if (over) return;
    var probe = new DefaultExchange(origin.getContext());
    var answer = new UpstreamAnswer(probe, done -> heard(probe), clients.vertx(), target);
    var call = new UpstreamCall(clients, loop, target, request, answer);
    asking.onCancel(call::cancel);
    call.start();
  }

  private void heard(Exchange probe) {
    EdgeContext.run(loop, () -> take(probe));
  }

  private void take(Exchange probe) {
    if (over) return;
    if (probe.getException() != null) {
      failed(probe.getException());
      return;
    }
    failures = 0;
    var text = Json.text(probe.getMessage().getBody(JsonNode.class));
    listener.next(new ServerEvent(null, text));
    listener.flush();
    again();
  }

  private void failed(Exception cause) {
    if (isPassing(cause) && ++failures < MAX_FAILURES) {
      again();
      return;
    }
    over = true;
    listener.fail(cause);
  }

  private void again() {
    if (!over) clients.vertx().setTimer(everyMillis, id -> EdgeContext.run(loop, this::ask));
  }

  private static boolean isPassing(Exception cause) {
    return cause instanceof GatewayException.Unreachable
        || cause instanceof GatewayException.TimedOut
        || cause instanceof GatewayException.UpstreamFailed failed
            && (failed.error().status() == 429 || failed.error().status() >= 502);
  }
}

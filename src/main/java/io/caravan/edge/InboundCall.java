package io.caravan.edge;

import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call from its request to the last byte of its answer. It counts as in flight, also to Camel's
 * graceful shutdown, until the route has ended and the answer is sent or the client has left.
 */
final class InboundCall {

  private static final Logger LOG = LoggerFactory.getLogger(InboundCall.class);

  private final AsyncHttpConsumer consumer;
  private final RoutingContext ctx;
  private final HttpServerResponse response;
  private final Context loop;
  private final Exchange exchange;
  private final Cancellation cancellation = new Cancellation();
  private final String routeId;
  private Map<String, Object> requestHeaders;
  private boolean over;

  InboundCall(AsyncHttpConsumer consumer, RoutingContext ctx, Exchange exchange) {
    this.consumer = consumer;
    this.ctx = ctx;
    this.response = ctx.response();
    this.loop = ctx.vertx().getOrCreateContext();
    this.exchange = exchange;
    this.routeId = consumer.route();
  }

  /** Runs the route on a worker thread, so that the event loop stays free for others' bytes. */
  void start() {
    exchange.getContext().getInflightRepository().add(exchange, routeId);
    requestHeaders = InboundMessage.fill(exchange, ctx);
    exchange.setProperty(Cancellation.PROPERTY, cancellation);
    exchange.setProperty(EdgeContext.PROPERTY, loop);
    response.closeHandler(v -> cancellation.cancel());
    ctx.vertx().executeBlocking(this::run, false);
  }

  private Void run() {
    consumer.run(exchange, doneSync -> onLoop(this::answer));
    return null;
  }

  private void onLoop(Runnable action) {
    EdgeContext.run(loop, action);
  }

  private void answer() {
    Message message = exchange.getMessage();
    Object body = message.getBody();
    if (response.ended() || response.closed()) {
      if (body instanceof AnswerStream<?> stream) stream.cancel();
      end();
      return;
    }
    try {
      write(message, body);
    } catch (Exception e) {
      LOG.error("The answer of route {} could not be written", routeId, e);
      if (response.headWritten()) ctx.request().connection().close();
      else EdgeErrors.internal(response);
      end();
    }
  }

  private void write(Message message, Object body) throws Exception {
    if (exchange.getException() != null) {
      LOG.error("Route {} let an exception through", routeId, exchange.getException());
      EdgeErrors.internal(response);
      end();
      return;
    }
    OutboundMessage.head(exchange, requestHeaders, response);
    if (body instanceof AnswerStream<?> stream) {
      stream(stream);
      return;
    }
    byte[] bytes = body == null ? new byte[0] : message.getMandatoryBody(byte[].class);
    response.end(Buffer.buffer(bytes)).onComplete(sent -> end());
  }

  @SuppressWarnings("unchecked")
  private void stream(AnswerStream<?> stream) {
    response.setChunked(true);
    var pipe = new StreamPipe((AnswerStream<byte[]>) stream, response, loop, this::end);
    cancellation.onCancel(() -> onLoop(pipe::clientLeft));
    pipe.start();
  }

  private void end() {
    if (over) return;
    over = true;
    cancellation.end();
    exchange.getContext().getInflightRepository().remove(exchange, routeId);
    consumer.ended(exchange);
  }
}

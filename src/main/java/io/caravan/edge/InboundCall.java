package io.caravan.edge;

import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
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
  private final Turns.Turn turn;
  private Map<String, Object> requestHeaders;
  private boolean started;
  private boolean over;
  private boolean left;
  private final long began = System.nanoTime();

  InboundCall(AsyncHttpConsumer consumer, RoutingContext ctx, Exchange exchange) {
    this.consumer = consumer;
    this.ctx = ctx;
    this.response = ctx.response();
    this.loop = ctx.vertx().getOrCreateContext();
    this.exchange = exchange;
    this.routeId = consumer.route();
    this.turn = consumer.engine().turns().on(ctx.request().connection());
  }

  /** Reads the request, then runs the route. */
  void start() {
    exchange.getContext().getInflightRepository().add(exchange, routeId);
    var id = RequestId.of(ctx.request());
    exchange.setProperty(RequestId.PROPERTY, id);
    response.putHeader(RequestId.HEADER, id);
    response.closeHandler(closed -> clientLeft());
    new RequestBody(ctx.request(), consumer.engine().options().maxBodyBytes(), turn)
        .read(this::received, this::tooLarge);
  }

  private void received(byte[] body) {
    turn.ours();
    started = true;
    requestHeaders = InboundMessage.fill(exchange, ctx, body);
    exchange.setProperty(Cancellation.PROPERTY, cancellation);
    exchange.setProperty(EdgeContext.PROPERTY, loop);
    if (body.length <= consumer.engine().options().onLoopBytes()) run();
    else ctx.vertx().executeBlocking(this::run, false);
  }

  private void tooLarge() {
    ctx.fail(413);
    end();
  }

  /**
   * Before its route runs a call is over when the client leaves; then, when the route has ended.
   */
  private void clientLeft() {
    left |= !response.ended();
    if (started) cancellation.cancel();
    else end();
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
    if (started) turn.theirs();
    exchange.getContext().getInflightRepository().remove(exchange, routeId);
    if (started) consumer.engine().listener().ended(exchange, figures());
    consumer.ended(exchange);
  }

  private CallListener.Figures figures() {
    int status = left ? 499 : response.getStatusCode();
    var time = Duration.ofNanos(System.nanoTime() - began);
    return new CallListener.Figures(routeId, status, response.bytesWritten(), time);
  }
}

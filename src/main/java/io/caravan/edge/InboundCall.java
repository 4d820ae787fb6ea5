package io.caravan.edge;

import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import io.vertx.core.Context;
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
  private final Budget.Share share;
  private Map<String, Object> requestHeaders;
  private boolean started;
  private boolean over;
  private int size;
  private boolean left;
  private final long began = System.nanoTime();

  InboundCall(AsyncHttpConsumer consumer, RoutingContext ctx, Exchange exchange) {
    this.consumer = consumer;
    this.ctx = ctx;
    this.response = ctx.response();
    this.loop = ctx.vertx().getOrCreateContext();
    this.exchange = exchange;
    this.routeId = consumer.route();
    this.share = consumer.engine().budget().share();
    this.turn = consumer.engine().turns().on(ctx.request().connection());
  }

  /** Reads the request, then runs the route. */
  void start() {
    exchange.getContext().getInflightRepository().add(exchange, routeId);
    var id = RequestId.of(ctx.request());
    exchange.setProperty(RequestId.PROPERTY, id);
    response.putHeader(RequestId.HEADER, id);
    response.closeHandler(closed -> clientLeft());
    new RequestBody(ctx.vertx(), ctx.request(), consumer.engine().options(), turn, share)
        .read(this::received, this::refused);
  }

  private void received(byte[] body) {
    turn.ours();
    started = true;
    try {
      requestHeaders = InboundMessage.fill(exchange, ctx, body);
    } catch (RuntimeException e) { // a query that is not encoded as one
      refused(400);
      return;
    }
    exchange.setProperty(Cancellation.PROPERTY, cancellation);
    exchange.setProperty(EdgeContext.PROPERTY, loop);
    if (body.length <= consumer.engine().options().onLoopBytes()) run();
    else ctx.vertx().executeBlocking(this::run, false);
  }

  private void refused(int status) {
    if (status == 503) consumer.engine().errors().noRoom(ctx);
    else ctx.fail(status);
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
    if (response.ended() || response.closed()) {
      if (exchange.getMessage().getBody() instanceof AnswerStream<?> stream) stream.cancel();
      end();
      return;
    }
    try {
      if (exchange.getException() != null) consumer.engine().failures().process(exchange);
      write(exchange.getMessage(), exchange.getMessage().getBody());
    } catch (Exception e) {
      LOG.error("The answer of route {} could not be written", routeId, e);
      if (response.headWritten()) ctx.request().connection().close();
      else EdgeErrors.internal(response);
      end();
    }
  }

  private void write(Message message, Object body) throws Exception {
    OutboundMessage.head(exchange, requestHeaders, response);
    var unread = consumer.engine().options().limits().unread();
    var reply = new Reply(ctx, loop, unread, this::end);
    if (body instanceof AnswerStream<?> stream) {
      var pipe = reply.stream(stream);
      cancellation.onCancel(() -> onLoop(pipe::clientLeft));
      pipe.start();
      return;
    }
    var bytes = body == null ? new byte[0] : message.getMandatoryBody(byte[].class);
    size = bytes.length;
    reply.whole(bytes);
  }

  private void end() {
    if (over) return;
    over = true;
    if (started) turn.theirs();
    share.release();
    cancellation.end();
    exchange.getContext().getInflightRepository().remove(exchange, routeId);
    if (started) consumer.engine().listener().ended(exchange, figures());
    consumer.ended(exchange, status());
  }

  private CallListener.Figures figures() {
    var time = Duration.ofNanos(System.nanoTime() - began);
    long bytes = Math.max(size, response.bytesWritten());
    return new CallListener.Figures(routeId, status(), bytes, time);
  }

  private int status() {
    return left ? CallListener.Figures.CLIENT_LEFT : response.getStatusCode();
  }
}

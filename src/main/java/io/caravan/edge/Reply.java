package io.caravan.edge;

import io.caravan.streaming.AnswerStream;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Sends the body of one answer, whole or as it comes. Runs on the call's event loop. */
final class Reply {

  private static final int AT_ONCE_BYTES = 16 << 10;

  private final HttpServerResponse response;
  private final Context loop;
  private final Backlog backlog;
  private final Runnable whenOver;

  /**
   * @param unread how long the client may take nothing of it
   * @param whenOver runs when all is sent, or nobody is left to send it to
   */
  Reply(RoutingContext ctx, Context loop, Duration unread, Runnable whenOver) {
    this.response = ctx.response();
    this.loop = loop;
    this.backlog = new Backlog(ctx.vertx(), ctx.request().connection(), unread);
    this.whenOver = whenOver;
  }

  /** What the socket takes at once counts as sent, so that a client sees its own call ended. */
  void whole(byte[] bytes) {
    boolean small = bytes.length <= AT_ONCE_BYTES;
    if (small) whenOver.run();
    var sent = response.end(Buffer.buffer(Unpooled.wrappedBuffer(bytes)));
    if (small) return;
    backlog.begins();
    sent.onComplete(
        done -> {
          backlog.over();
          whenOver.run();
        });
  }

  /** A pipe for an answer that comes piece by piece; it is still to be started. */
  @SuppressWarnings("unchecked")
  StreamPipe stream(AnswerStream<?> stream) {
    response.setChunked(true);
    return new StreamPipe((AnswerStream<byte[]>) stream, response, loop, backlog, whenOver);
  }
}

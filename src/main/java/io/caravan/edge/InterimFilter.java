package io.caravan.edge;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * Passes over what a service says before its answer: 102 and 103, and what else may be thought of
 * between 102 and 199 (RFC 9110, 15.2). Vert.x takes 102 for the answer itself (4.5.24, {@code
 * Http1xClientConnection#handleResponseBegin}).
 */
final class InterimFilter extends ChannelInboundHandlerAdapter {

  private static final String BEFORE = "codec"; // as Vert.x' HttpChannelConnector calls its own

  private boolean interim;

  private InterimFilter() {}

  static void install(HttpConnection connection) {
    var pipeline = ((ConnectionBase) connection).channel().pipeline();
    pipeline.addAfter(BEFORE, "interim", new InterimFilter());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (message instanceof HttpResponse head) {
      interim = head.status().code() > 101 && head.status().code() < 200;
    }
    if (interim) ReferenceCountUtil.release(message);
    else ctx.fireChannelRead(message);
  }
}

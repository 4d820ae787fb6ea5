package io.caravan.edge;

import io.netty.channel.Channel;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;

/**
 * What a client has been sent and has not taken. If none of it moves for a whole limit, the
 * connection is closed, and so the call ends like that of any client who leaves. Its methods run on
 * the connection's event loop.
 */
final class Backlog {

  private final Vertx vertx;
  private final Channel channel;
  private final long limitMillis;
  private boolean watched;
  private long timer;

  Backlog(Vertx vertx, HttpConnection connection, Duration limit) {
    this.vertx = vertx;
    this.channel = ((ConnectionBase) connection).channel();
    this.limitMillis = Math.max(1, limit.toMillis());
  }

  /** More is written than goes out at once. Nothing more may be written until {@link #over}. */
  void begins() {
    if (watched) return;
    watched = true;
    look(waiting());
  }

  /** The client has taken it, or the call is over. */
  void over() {
    if (watched) vertx.cancelTimer(timer);
    watched = false;
  }

  private void look(long before) {
    timer =
        vertx.setTimer(
            limitMillis,
            id -> {
              long now = waiting();
              if (now >= before) close();
              else look(now);
            });
  }

  /** Past Vert.x' handler, which would first wait for the client to take what it has been sent. */
  private void close() {
    if (channel.isOpen()) channel.pipeline().firstContext().close();
  }

  /** Netty counts a piece until all of it is out, and tells how much of the first one is. */
  private long waiting() {
    var queue = channel.unsafe().outboundBuffer();
    return queue == null ? 0 : queue.totalPendingWriteBytes() - queue.currentProgress();
  }
}

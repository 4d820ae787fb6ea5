package io.caravan.edge;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whose turn it is on each connection. A client that says nothing for too long when it is its turn,
 * or never comes to the end of a head, loses the connection; one that waits for an answer does not.
 */
final class Turns {

  private final Vertx vertx;
  private final long idleNanos;
  private final Map<HttpConnection, Turn> turns = new ConcurrentHashMap<>();

  Turns(Vertx vertx, Duration idle) {
    this.vertx = vertx;
    this.idleNanos = idle.toNanos();
  }

  /** Looks after a new connection until it is closed. Runs on the connection's event loop. */
  void watch(HttpConnection connection) {
    var turn = new Turn(connection);
    turns.put(connection, turn);
    connection.closeHandler(closed -> turn.over());
    turn.look();
  }

  /** The turn on a connection. */
  Turn on(HttpConnection connection) {
    return turns.computeIfAbsent(connection, Turn::new);
  }

  /** One connection's; its methods run on that connection's event loop. */
  final class Turn {

    private final HttpConnection connection;
    private long heard = System.nanoTime();
    private int answering;
    private long timer;

    private Turn(HttpConnection connection) {
      this.connection = connection;
    }

    /** Some of a request has come. */
    void heard() {
      heard = System.nanoTime();
    }

    /** A request has come wholly: from now on the client waits. */
    void ours() {
      answering++;
    }

    /** A request that was {@link #ours} is answered. */
    void theirs() {
      answering--;
      heard();
    }

    private void look() {
      long left = answering > 0 ? idleNanos : heard + idleNanos - System.nanoTime();
      if (left <= 0) connection.close();
      else timer = vertx.setTimer(left / 1_000_000 + 1, id -> look());
    }

    private void over() {
      vertx.cancelTimer(timer);
      turns.remove(connection);
    }
  }
}

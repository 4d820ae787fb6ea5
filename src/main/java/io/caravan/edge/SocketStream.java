package io.caravan.edge;

import io.caravan.errors.GatewayException;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.ServerEvent;
import io.vertx.core.http.WebSocket;
import java.util.function.Consumer;

/** The messages of a WebSocket as events. Whoever listens sets the time limits. */
final class SocketStream implements AnswerStream<ServerEvent> {

  private final WebSocket socket;
  private final KeyHider keys;
  private boolean heard;
  private boolean over;

  SocketStream(WebSocket socket, String apiKey) {
    this.socket = socket;
    this.keys = new KeyHider(apiKey);
    socket.pause();
  }

  @Override
  public void listen(Listener<ServerEvent> listener) {
    heard = true;
    if (socket.isClosed()) {
      broken(listener);
      return;
    }
    Consumer<ServerEvent> out = listener::next;
    socket.textMessageHandler(
        text -> {
          if (over) return;
          keys.next(new ServerEvent(null, text), out);
          listener.flush();
        });
    socket.exceptionHandler(e -> broken(listener));
    socket.closeHandler(v -> broken(listener));
    socket.resume();
  }

  @Override
  public void began() {
    // messages come when something happens, so silence means nothing
  }

  @Override
  public void pause() {
    if (!over) socket.pause();
  }

  @Override
  public void resume() {
    if (!over) socket.resume();
  }

  @Override
  public void cancel() {
    if (over) return;
    over = true;
    socket.close();
  }

  void closeUnheard() {
    if (!heard) cancel();
  }

  private void broken(Listener<ServerEvent> listener) {
    if (over) return;
    over = true;
    listener.fail(new GatewayException.Unreachable("The service closed its stream of events."));
  }
}

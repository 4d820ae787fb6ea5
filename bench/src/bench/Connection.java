package bench;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;

/** One keep-alive connection of the load generator; at most one request at a time. */
final class Connection {

  private final NetSocket socket;

  private Connection(NetSocket socket) {
    this.socket = socket;
  }

  /** Opens a connection whose answers go to the sink and whose end, in every case, to onClose. */
  static Future<Connection> open(
      NetClient client, int port, HttpReader.Sink sink, Runnable onClose) {
    return client
        .connect(port, "127.0.0.1")
        .onFailure(failure -> onClose.run())
        .map(
            socket -> {
              var reader = new HttpReader(sink);
              socket.handler(piece -> reader.read(piece.getBytes()));
              socket.exceptionHandler(failure -> socket.close());
              socket.closeHandler(closed -> onClose.run());
              return new Connection(socket);
            });
  }

  void send(byte[] request) {
    socket.write(Buffer.buffer(request));
  }

  void close() {
    socket.close();
  }
}

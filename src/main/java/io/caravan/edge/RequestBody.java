package io.caravan.edge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Collects the body of one request, up to a limit. */
final class RequestBody {

  private static final byte[] NONE = new byte[0];

  private final HttpServerRequest request;
  private final long limit;
  private final Turns.Turn turn;
  private Buffer gathered;
  private boolean grows;
  private boolean over;

  RequestBody(HttpServerRequest request, long limit, Turns.Turn turn) {
    this.request = request;
    this.limit = limit;
    this.turn = turn;
  }

  /** Calls one of the two on the event loop, unless the client leaves before. */
  void read(Consumer<byte[]> whole, Runnable tooLarge) {
    if (announced() > limit) {
      tooLarge.run();
      return;
    }
    request.handler(
        bytes -> {
          if (over) return;
          turn.heard();
          long length = bytes.length() + (gathered == null ? 0L : gathered.length());
          if (length > limit) {
            over = true;
            gathered = null;
            tooLarge.run();
          } else {
            gather(bytes);
          }
        });
    request.endHandler(
        end -> {
          if (over) return;
          over = true;
          whole.accept(gathered == null ? NONE : gathered.getBytes());
        });
  }

  /** The length in the head, 0 if there is none; Vert.x has refused what is no number. */
  private long announced() {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }

  /** Most bodies come in one piece, which is then not copied. */
  private void gather(Buffer bytes) {
    if (gathered == null) {
      gathered = bytes;
      return;
    }
    if (!grows) gathered = Buffer.buffer().appendBuffer(gathered);
    grows = true;
    gathered.appendBuffer(bytes);
  }
}

package io.caravan.edge;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Collects the body of one request, up to a limit. */
final class RequestBody {

  private static final byte[] NONE = new byte[0];

  private final HttpServerRequest request;
  private final long limit;
  private final Turns.Turn turn;
  private final Budget.Share share;
  private Buffer gathered;
  private boolean grows;
  private boolean over;

  /**
   * @param limit the most bytes
   * @param share to be released when the call is over
   */
  RequestBody(HttpServerRequest request, long limit, Turns.Turn turn, Budget.Share share) {
    this.request = request;
    this.limit = limit;
    this.turn = turn;
    this.share = share;
  }

  /**
   * Calls one of them on the event loop, unless the client leaves before.
   *
   * @param refused takes the status: 413 for too large a body, 503 if there is no room for it now
   */
  void read(Consumer<byte[]> whole, IntConsumer refused) {
    if (announced() > limit) {
      refused.accept(413);
      return;
    }
    if (request.headers().contains(HttpHeaders.EXPECT)) request.response().writeContinue();
    request.handler(
        bytes -> {
          if (over) return;
          turn.heard();
          long length = bytes.length() + (gathered == null ? 0L : gathered.length());
          if (length > limit) refuse(413, refused);
          else if (!share.grow(length)) refuse(503, refused);
          else gather(bytes);
        });
    request.endHandler(
        end -> {
          if (over) return;
          over = true;
          whole.accept(gathered == null ? NONE : gathered.getBytes());
        });
  }

  private void refuse(int status, IntConsumer refused) {
    if (over) return;
    over = true;
    gathered = null;
    refused.accept(status);
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

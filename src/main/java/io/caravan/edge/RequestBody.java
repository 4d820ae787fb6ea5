package io.caravan.edge;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** Collects the body of one request, up to a limit of size and of time. */
final class RequestBody {

  private static final byte[] NONE = new byte[0];

  /** A body that comes at least so fast may take any time. */
  private static final int BYTES_PER_SECOND = 8 << 10;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final ServerOptions options;
  private final Turns.Turn turn;
  private final Budget.Share share;
  private final long began = System.nanoTime();
  private Consumer<byte[]> whole;
  private IntConsumer refused;
  private Buffer gathered;
  private boolean grows;
  private boolean over;
  private long timer = -1; // Vert.x counts from 0

  /**
   * @param share to be released when the call is over
   */
  RequestBody(
      Vertx vertx,
      HttpServerRequest request,
      ServerOptions options,
      Turns.Turn turn,
      Budget.Share share) {
    this.vertx = vertx;
    this.request = request;
    this.options = options;
    this.turn = turn;
    this.share = share;
  }

  /**
   * Calls one of them on the event loop, unless the client leaves before.
   *
   * @param whole takes the body
   * @param refused takes the status: 400 for wrong chunks, 408 if it comes too slowly, 413 for too
   *     large a body, 503 if there is no room for it now
   */
  void read(Consumer<byte[]> whole, IntConsumer refused) {
    this.whole = whole;
    this.refused = refused;
    if (announced() > options.maxBodyBytes()) {
      refuse(413);
      return;
    }
    if (announced() > 0 && !share.fits(announced())) {
      refuse(503);
      return;
    }
    if (request.headers().contains(HttpHeaders.EXPECT)) request.response().writeContinue();
    if (announced() > 0 || request.headers().contains(HttpHeaders.TRANSFER_ENCODING)) {
      waitFor(options.limits().body());
    }
    request.handler(this::more);
    request.endHandler(end -> end());
    request.exceptionHandler(this::broken);
  }

  private void more(Buffer bytes) {
    if (over) return;
    turn.heard();
    long length = length() + bytes.length();
    if (length > options.maxBodyBytes()) refuse(413);
    else if (!share.grow(length)) refuse(503);
    else gather(bytes);
  }

  private void end() {
    if (over) return;
    finish();
    whole.accept(gathered == null ? NONE : gathered.getBytes());
  }

  /** Behind it Vert.x closes the connection, with all that is still to be sent. */
  private void broken(Throwable cause) {
    if (cause instanceof HttpClosedException || cause instanceof IOException) {
      finish();
      return;
    }
    request.response().putHeader("Connection", "close");
    refuse(400);
    ((ConnectionBase) request.connection()).channel().flush();
  }

  private void waitFor(Duration left) {
    timer = vertx.setTimer(Math.max(1, left.toMillis()), id -> look());
  }

  private void look() {
    var earned = Duration.ofSeconds(length() / BYTES_PER_SECOND);
    var left = options.limits().body().plus(earned).minusNanos(System.nanoTime() - began);
    if (left.isNegative() || left.isZero()) refuse(408);
    else waitFor(left);
  }

  private void refuse(int status) {
    if (over) return;
    finish();
    gathered = null;
    refused.accept(status);
  }

  private void finish() {
    over = true;
    vertx.cancelTimer(timer);
  }

  /** The length in the head, 0 if there is none; Vert.x has refused what is no number. */
  private long announced() {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null ? 0 : Long.parseLong(length);
  }

  private long length() {
    return gathered == null ? 0 : gathered.length();
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

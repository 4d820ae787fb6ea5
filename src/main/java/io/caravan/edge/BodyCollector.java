package io.caravan.edge;

import io.caravan.errors.GatewayException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.function.Consumer;

/** Gathers a whole answer, within bounds. */
final class BodyCollector {

  /** Thousands of embeddings fit; a service that sends without end does not. */
  private static final long MAX_BYTES = Math.min(128 << 20, Runtime.getRuntime().maxMemory() / 8);

  /** Of an answer that tells a failure only its words are wanted. */
  private static final int MAX_FAILURE_BYTES = 1 << 20;

  /** What must come within the time limit of silence: an answer is not dripped. */
  private static final int LITTLE_BYTES = 256;

  private final HttpClientResponse response;
  private final Budget.Share share;
  private final Consumer<RuntimeException> failed;
  private final Consumer<byte[]> collected;
  private final Buffer body = Buffer.buffer();
  private final long head = System.nanoTime();
  private long latest = head;
  private int counted;
  private boolean begun;
  private boolean over;

  /**
   * @param share counts the answer's bytes; the caller releases it
   */
  BodyCollector(
      HttpClientResponse response,
      Budget.Share share,
      Consumer<RuntimeException> failed,
      Consumer<byte[]> collected) {
    this.response = response;
    this.share = share;
    this.failed = failed;
    this.collected = collected;
  }

  void collect() {
    response.exceptionHandler(
        cause -> fail(new GatewayException.BadAnswer("only a part of its answer")));
    response.endHandler(
        v -> {
          if (!over) collected.accept(body.getBytes());
        });
    response.handler(this::more);
  }

  /** For how long next to nothing has come; the answer's head counts as something. */
  Duration silence() {
    return Duration.ofNanos(System.nanoTime() - latest);
  }

  /** For how long nothing but white space has come behind the head; zero if more has. */
  Duration blank() {
    return begun ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - head);
  }

  private void more(Buffer bytes) {
    if (over) return;
    body.appendBuffer(bytes);
    count(bytes);
    if (response.statusCode() >= 400 && body.length() > MAX_FAILURE_BYTES) {
      over = true;
      response.request().reset();
      collected.accept(body.getBytes(0, MAX_FAILURE_BYTES));
    } else if (body.length() > MAX_BYTES) {
      fail(new GatewayException.BadAnswer("an answer larger than " + MAX_BYTES + " bytes"));
    } else if (!share.grow(body.length())) {
      fail(
          new GatewayException.Unavailable(
              "Other answers take all the memory that there is for them.", 1));
    }
  }

  /** White space before an answer says that it is being worked on (DeepSeek does that). */
  private void count(Buffer bytes) {
    boolean waiting = !begun;
    for (int i = 0; i < bytes.length() && !begun; i++) begun = bytes.getByte(i) > ' ';
    if (!waiting && body.length() - counted < LITTLE_BYTES) return;
    latest = System.nanoTime();
    counted = body.length();
  }

  private void fail(RuntimeException cause) {
    if (over) return;
    over = true;
    failed.accept(cause);
  }
}

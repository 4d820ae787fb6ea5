package io.caravan.edge;

import io.caravan.errors.GatewayException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.function.Consumer;

/** Gathers a whole answer, within a bound. */
final class BodyCollector {

  /** Thousands of embeddings fit; a service that sends without end does not. */
  private static final int MAX_BYTES = 128 << 20;

  private final HttpClientResponse response;
  private final Consumer<RuntimeException> failed;
  private final Consumer<byte[]> collected;
  private final Buffer body = Buffer.buffer();
  private boolean over;

  BodyCollector(
      HttpClientResponse response, Consumer<RuntimeException> failed, Consumer<byte[]> collected) {
    this.response = response;
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

  private void more(Buffer bytes) {
    if (over) return;
    body.appendBuffer(bytes);
    if (body.length() > MAX_BYTES) {
      fail(new GatewayException.BadAnswer("an answer larger than " + MAX_BYTES + " bytes"));
    }
  }

  private void fail(RuntimeException cause) {
    if (over) return;
    over = true;
    failed.accept(cause);
  }
}

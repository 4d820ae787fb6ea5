package io.caravan.edge;

import io.caravan.catalog.TimeLimits;
import io.caravan.errors.GatewayException;
import io.caravan.streaming.AnswerStream;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;

/**
 * The bytes of a service's running answer. Silence has a limit: first the time to the first token,
 * then the time between two events, and the time that events without content may go on. A pause
 * that the client causes is not the service's silence, but has a limit too.
 */
final class UpstreamStream implements AnswerStream<byte[]> {

  private final Vertx vertx;
  private final UpstreamClients clients;
  private final String service;
  private final HttpClientResponse response;
  private final TimeLimits limits;
  private Listener<byte[]> listener;
  private long timer;
  private RuntimeException failedEarly;
  private final Silence silence;
  private boolean begun;
  private boolean over;

  /**
   * @param untilFirstToken what is left of the time to the first token
   */
  UpstreamStream(
      UpstreamClients clients,
      String service,
      HttpClientResponse response,
      TimeLimits limits,
      Duration untilFirstToken) {
    this.clients = clients;
    vertx = clients.vertx();
    this.service = service;
    this.response = response;
    this.limits = limits;
    silence = new Silence(limits, isNdjson(response));
    response.pause();
    response.exceptionHandler(cause -> fail(cutShort())); // also before anybody listens
    timer =
        vertx.setTimer(
            Math.max(1, untilFirstToken.toMillis()), id -> fail(silent(limits.firstToken())));
  }

  static boolean isStream(HttpClientResponse response) {
    var type = UpstreamAnswer.contentType(response);
    return response.statusCode() < 300
        && (type.isEmpty() || type.contains("event-stream") || type.contains("ndjson"));
  }

  /** Whether each line is an event. */
  static boolean isNdjson(HttpClientResponse response) {
    return UpstreamAnswer.contentType(response).contains("ndjson");
  }

  @Override
  public void listen(Listener<byte[]> to) {
    listener = to;
    if (failedEarly != null) {
      listener.fail(failedEarly);
      return;
    }
    response.endHandler(v -> end());
    response.handler(this::read);
    response.resume();
  }

  private GatewayException cutShort() {
    return clients.closed()
        ? UpstreamClients.shuttingDown()
        : new GatewayException.BadAnswer("a stream that was cut short");
  }

  @Override
  public void began() {
    silence.piece();
    if (over || begun) return;
    begun = true;
    vertx.cancelTimer(timer);
    silence.begins();
    watch(limits.idle());
  }

  @Override
  public void pause() {
    silence.paused();
    response.pause();
  }

  @Override
  public void resume() {
    silence.resumed();
    response.resume();
  }

  @Override
  public void cancel() {
    if (over) return;
    finish();
    response.request().reset();
  }

  private void read(Buffer bytes) {
    if (over) return;
    var read = bytes.getBytes();
    silence.read(read);
    listener.next(read);
    if (!over) listener.flush();
  }

  private void end() {
    if (over) return;
    finish();
    listener.end();
  }

  private void fail(RuntimeException cause) {
    if (over) return;
    finish();
    response.request().reset();
    if (listener == null) failedEarly = cause;
    else listener.fail(cause);
  }

  private void finish() {
    over = true;
    vertx.cancelTimer(timer);
  }

  /** Looks after the given time whether anything came; setting a timer for each read costs more. */
  private void watch(Duration wait) {
    timer = vertx.setTimer(Math.max(1, wait.toMillis()), id -> look());
  }

  private void look() {
    if (over) return;
    var left = silence.left();
    if (left.compareTo(Duration.ZERO) <= 0) fail(silent(silence.allowed()));
    else watch(left);
  }

  private RuntimeException silent(Duration allowed) {
    return new GatewayException.TimedOut(
        "The service `%s` sent nothing of its answer for %s."
            .formatted(service, ConnectFailure.inSeconds(allowed)));
  }
}

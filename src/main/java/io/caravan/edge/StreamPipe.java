package io.caravan.edge;

import io.caravan.streaming.AnswerStream;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a stream to the client as it comes, one write for what came in one read, and holds the
 * source back while the client is slow. Its own methods run on the call's event loop; the stream
 * may push from any thread.
 */
final class StreamPipe implements AnswerStream.Listener<byte[]> {

  private static final Logger LOG = LoggerFactory.getLogger(StreamPipe.class);

  private final AnswerStream<byte[]> stream;
  private final HttpServerResponse response;
  private final Context loop;
  private final Backlog backlog;
  private final Runnable whenOver;
  private Buffer gathered;
  private boolean over;

  StreamPipe(
      AnswerStream<byte[]> stream,
      HttpServerResponse response,
      Context loop,
      Backlog backlog,
      Runnable whenOver) {
    this.stream = stream;
    this.response = response;
    this.loop = loop;
    this.backlog = backlog;
    this.whenOver = whenOver;
  }

  void start() {
    stream.listen(this);
  }

  /** The client closed the connection: nobody is left to write to. */
  void clientLeft() {
    if (over) return;
    over = true;
    stream.cancel();
    finish();
  }

  @Override
  public void next(byte[] bytes) {
    if (onLoop()) gather(bytes);
    else loop.runOnContext(v -> write(bytes));
  }

  @Override
  public void flush() {
    if (onLoop()) write(null);
  }

  @Override
  public void end() {
    EdgeContext.run(
        loop,
        () -> {
          if (over) return;
          write(null);
          over = true;
          boolean taken = !response.writeQueueFull();
          if (taken) finish();
          var sent = response.end();
          if (!taken) sent.onComplete(done -> finish());
        });
  }

  /** The stream could not be ended well: the client must not take it for whole. */
  @Override
  public void fail(Throwable cause) {
    EdgeContext.run(
        loop,
        () -> {
          if (over) return;
          over = true;
          LOG.debug("A stream broke off: {}", cause.toString());
          response.reset(); // waits for the client, so the backlog is still looked after
          whenOver.run();
        });
  }

  private boolean onLoop() {
    return Vertx.currentContext() == loop && Context.isOnEventLoopThread();
  }

  private void gather(byte[] bytes) {
    if (gathered == null) gathered = Buffer.buffer(bytes);
    else gathered.appendBytes(bytes);
  }

  private void write(byte[] more) {
    if (over) return;
    if (more != null) gather(more);
    if (gathered == null) return;
    response.write(gathered);
    gathered = null;
    if (!response.writeQueueFull()) return;
    stream.pause();
    backlog.begins();
    response.drainHandler(v -> resume());
  }

  private void resume() {
    backlog.over();
    stream.resume();
  }

  private void finish() {
    backlog.over();
    whenOver.run();
  }
}

package io.caravan.resilience;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The chunks of an attempt that has begun to answer. When they end the attempt is settled; when
 * they break off, another target may go on in this very stream.
 */
final class WatchedStream implements AnswerStream<ObjectNode>, AnswerStream.Listener<ObjectNode> {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedStream.class);

  private final Rescue.Call call;
  private final Clock clock;
  private final Attempt attempt;
  private final Delivered delivered;
  private final Cancellation resuming = new Cancellation();
  private volatile AnswerStream<ObjectNode> source;
  private Listener<ObjectNode> listener;
  private volatile boolean paused;
  private volatile boolean over;

  WatchedStream(AnswerStream<ObjectNode> source, Rescue.Call call, Clock clock) {
    this.source = source;
    this.call = call;
    this.clock = clock;
    attempt = call.attempts().latest();
    delivered = call.hasOthers() ? new Delivered(call.deliveredBefore()) : null;
  }

  @Override
  public void listen(Listener<ObjectNode> to) {
    listener = to;
    source.listen(this);
  }

  @Override
  public void next(ObjectNode chunk) {
    if (over) return;
    if (Delivered.isContent(chunk)) source.began();
    if (!chunk.path("choices").isEmpty()) attempt.piece();
    attempt.used(chunk.path("usage"));
    if (delivered != null) delivered.add(chunk);
    listener.next(chunk);
  }

  @Override
  public void flush() {
    listener.flush();
  }

  @Override
  public void end() {
    attempt.succeeded();
    listener.end();
  }

  @Override
  public void fail(Throwable cause) {
    attempt.failed(Fault.of(cause, clock), true);
    if (over) return;
    if (delivered == null || !delivered.isPlain()) {
      listener.fail(cause);
      return;
    }
    listener.flush();
    call.resume(delivered.text(), resuming)
        .whenComplete(
            (rest, failure) -> {
              if (failure == null) goOn(rest);
              else giveUp(cause, failure);
            });
  }

  /** The rest is watched by a stream of its own, which has its own attempt. */
  private void goOn(AnswerStream<ObjectNode> rest) {
    LOG.debug("A stream goes on at another target");
    source = rest;
    if (over) {
      rest.cancel();
      return;
    }
    rest.listen(listener);
    if (paused) rest.pause();
  }

  /**
   * What went wrong with the rescue is nothing to the client: it hears why the stream broke off.
   */
  private void giveUp(Throwable cause, Throwable failure) {
    LOG.debug("A stream that broke off found no other target: {}", failure.toString());
    if (!over) listener.fail(cause);
  }

  @Override
  public void began() {
    source.began();
  }

  @Override
  public void pause() {
    paused = true;
    source.pause();
  }

  @Override
  public void resume() {
    paused = false;
    source.resume();
  }

  @Override
  public void cancel() {
    over = true;
    attempt.abandoned();
    resuming.cancel();
    source.cancel();
  }
}

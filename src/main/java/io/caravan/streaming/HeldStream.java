package io.caravan.streaming;

import io.caravan.errors.GatewayException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Holds a stream back until its first real content: until then nothing is promised to the client,
 * and a failure can still become a status code or another attempt. What came before goes along
 * after.
 */
public final class HeldStream<T> implements AnswerStream<T>, AnswerStream.Listener<T> {

  /** A service that sends so much without content is believed to be at work. */
  private static final int MAX_HELD = 1000;

  private final AnswerStream<T> source;
  private final Predicate<T> isContent;
  private final CompletableFuture<AnswerStream<T>> committed = new CompletableFuture<>();
  private final Deque<T> held = new ArrayDeque<>();
  private Listener<T> listener;
  private boolean ended;
  private Throwable failure;

  private HeldStream(AnswerStream<T> source, Predicate<T> isContent) {
    this.source = source;
    this.isContent = isContent;
  }

  /**
   * Starts the stream and waits for its first content; a client that leaves meanwhile ends the
   * wait.
   *
   * @return completes with the stream, paused and whole; fails if it fails or ends before any
   *     content
   */
  public static <T> CompletionStage<AnswerStream<T>> untilContent(
      AnswerStream<T> source, Predicate<T> isContent, Cancellation cancellation) {
    var stream = new HeldStream<>(source, isContent);
    source.listen(stream);
    cancellation.onCancel(stream::cancel);
    return stream.committed;
  }

  @Override
  public void next(T item) {
    if (listener != null) {
      listener.next(item);
      return;
    }
    held.add(item);
    if (committed.isDone()) return;
    if (isContent.test(item) || held.size() >= MAX_HELD) {
      source.pause();
      source.began();
      committed.complete(this);
    }
  }

  @Override
  public void flush() {
    if (listener != null) listener.flush();
  }

  @Override
  public void end() {
    ended = true;
    if (listener != null) listener.end();
    else committed.completeExceptionally(new GatewayException.BadAnswer("an empty stream"));
  }

  @Override
  public void fail(Throwable cause) {
    failure = cause;
    if (listener != null) listener.fail(cause);
    else committed.completeExceptionally(cause);
  }

  @Override
  public void listen(Listener<T> to) {
    while (!held.isEmpty()) to.next(held.poll());
    listener = to;
    to.flush();
    if (failure != null) to.fail(failure);
    else if (ended) to.end();
    else source.resume();
  }

  @Override
  public void began() {
    source.began();
  }

  @Override
  public void pause() {
    source.pause();
  }

  @Override
  public void resume() {
    source.resume();
  }

  @Override
  public void cancel() {
    held.clear();
    source.cancel();
    committed.completeExceptionally(new GatewayException.Cancelled());
  }
}

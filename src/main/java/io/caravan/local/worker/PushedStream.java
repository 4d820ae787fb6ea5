package io.caravan.local.worker;

import io.caravan.streaming.AnswerStream;
import java.util.function.BinaryOperator;

/**
 * A stream whose source cannot wait: a reader of llama.cpp that stops reading makes all other
 * readers spin. So what comes during a pause is kept; it is no more than one answer's tokens.
 */
final class PushedStream<T> implements AnswerStream<T> {

  private final Runnable onCancel;
  private final Gathered<T> waiting;
  private Listener<T> listener;
  private Throwable failure;
  private boolean paused;
  private boolean ended;
  private boolean over;
  private boolean draining;

  PushedStream(Runnable onCancel) {
    this(onCancel, null);
  }

  /**
   * A stream that may gather what comes fast.
   *
   * @param join makes one item of two, or null where they have to stay two
   */
  PushedStream(Runnable onCancel, BinaryOperator<T> join) {
    this.onCancel = onCancel;
    waiting = new Gathered<>(join);
  }

  void push(T item) {
    synchronized (this) {
      if (over) return;
      waiting.add(item);
      if (listener != null && waiting.later(this::timeCame)) return;
    }
    drain();
  }

  private void timeCame() {
    synchronized (this) {
      waiting.timeCame();
    }
    drain();
  }

  void end() {
    synchronized (this) {
      ended = true;
    }
    drain();
  }

  void fail(Throwable cause) {
    synchronized (this) {
      failure = cause;
      ended = true;
    }
    drain();
  }

  @Override
  public void listen(Listener<T> to) {
    synchronized (this) {
      listener = to;
    }
    drain();
  }

  /** The worker sets no time limits of its own: the gateway has them. */
  @Override
  public void began() {}

  @Override
  public synchronized void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    synchronized (this) {
      paused = false;
    }
    drain();
  }

  @Override
  public void cancel() {
    synchronized (this) {
      over = true;
      waiting.clear();
    }
    onCancel.run();
  }

  /** Hands on what waits. One thread at a time does; what others add meanwhile, it takes along. */
  private void drain() {
    if (!enter()) return;
    do {
      for (var item = take(); item != null; item = take()) listener.next(item);
      listener.flush();
    } while (!leave());
  }

  private synchronized boolean enter() {
    if (draining || listener == null) return false;
    draining = true;
    return true;
  }

  private synchronized T take() {
    return paused || over ? null : waiting.poll();
  }

  /** Whether nothing is left to hand on; if the end has come, it is told then. */
  private boolean leave() {
    synchronized (this) {
      if (!paused && !over && !waiting.isEmpty()) return false;
      draining = false;
      if (paused || over || !ended) return true;
      over = true;
    }
    if (failure == null) listener.end();
    else listener.fail(failure);
    return true;
  }
}

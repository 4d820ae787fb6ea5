package io.caravan.streaming;

import java.util.List;

/** A source for tests: once heard, it brings its items, then ends, fails or keeps silent. */
public final class ScriptedStream<T> implements AnswerStream<T> {

  private final List<T> items;
  private final Ending<T> ending;
  private Listener<T> listener;
  private boolean cancelled;
  private boolean paused;

  private ScriptedStream(List<T> items, Ending<T> ending) {
    this.items = items;
    this.ending = ending;
  }

  public static <T> ScriptedStream<T> ending(List<T> items) {
    return new ScriptedStream<>(items, Listener::end);
  }

  static <T> ScriptedStream<T> failing(List<T> items, Throwable cause) {
    return new ScriptedStream<>(items, listener -> listener.fail(cause));
  }

  static <T> ScriptedStream<T> silent(List<T> items) {
    return new ScriptedStream<>(items, listener -> {});
  }

  @Override
  public void listen(Listener<T> to) {
    listener = to;
    items.forEach(listener::next);
    listener.flush();
    ending.tell(listener);
  }

  /** The listener, to bring it more by hand. */
  Listener<T> listener() {
    return listener;
  }

  @Override
  public void began() {}

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
  }

  /** Unlike a real source it goes on after this, so that tests see who still listens. */
  @Override
  public void cancel() {
    cancelled = true;
  }

  boolean cancelled() {
    return cancelled;
  }

  boolean paused() {
    return paused;
  }

  private interface Ending<T> {
    void tell(Listener<T> listener);
  }
}

package io.caravan.streaming;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * A stream of items that are all there already; brings them when listened to, as fast as wanted.
 */
public final class ListStream<T> implements AnswerStream<T> {

  private final Deque<T> items;
  private Listener<T> listener;
  private boolean paused;
  private boolean running;
  private boolean over;

  public ListStream(List<T> items) {
    this.items = new ArrayDeque<>(items);
  }

  @Override
  public void listen(Listener<T> to) {
    listener = to;
    run();
  }

  @Override
  public void began() {
    // nothing is measured: the items are there
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    if (listener != null) run();
  }

  @Override
  public void cancel() {
    over = true;
  }

  private void run() {
    if (running || over) return;
    running = true;
    while (!paused && !over && !items.isEmpty()) listener.next(items.poll());
    running = false;
    if (paused || over) return;
    over = true;
    listener.flush();
    listener.end();
  }
}

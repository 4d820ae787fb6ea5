package io.caravan.web;

import io.caravan.streaming.AnswerStream;

/** One client that looks on. For one that reads slowly what it misses is left out. */
final class WatchStream implements AnswerStream<byte[]> {

  /** A client comes again after that many events, so that its key is looked at again. */
  private static final int MOST_EVENTS = 600;

  private final Watch watch;
  private Listener<byte[]> listener;
  private long known = -1;
  private int told;
  private boolean paused;
  private boolean over;

  WatchStream(Watch watch) {
    this.watch = watch;
  }

  @Override
  public void listen(Listener<byte[]> to) {
    listener = to;
    watch.add(this);
  }

  @Override
  public void began() {
    // nothing is measured
  }

  @Override
  public synchronized void pause() {
    paused = true;
  }

  @Override
  public synchronized void resume() {
    paused = false;
  }

  @Override
  public synchronized void cancel() {
    over = true;
    watch.remove(this);
  }

  /** Tells what is new to this client. */
  synchronized void take(Situation.Events events) {
    if (over || paused) return;
    listener.next(known == events.version() ? events.brief() : events.whole());
    listener.flush();
    known = events.version();
    if (++told >= MOST_EVENTS) finish();
  }

  /** Ends the stream as a whole one. */
  synchronized void finish() {
    if (over) return;
    cancel();
    listener.end();
  }
}

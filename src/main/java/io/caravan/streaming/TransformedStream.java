package io.caravan.streaming;

/** A stream behind a {@link Transformer}. Everything runs on the source's thread, item by item. */
final class TransformedStream<T, R> implements AnswerStream<R>, AnswerStream.Listener<T> {

  private final AnswerStream<T> source;
  private final Transformer<T, R> transformer;
  private Listener<R> listener;
  private boolean over;

  TransformedStream(AnswerStream<T> source, Transformer<T, R> transformer) {
    this.source = source;
    this.transformer = transformer;
  }

  @Override
  public void listen(Listener<R> to) {
    listener = to;
    source.listen(this);
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
    over = true;
    source.cancel();
  }

  @Override
  public void next(T item) {
    if (over) return;
    try {
      transformer.next(item, this::send);
    } catch (RuntimeException e) {
      source.cancel();
      fail(e);
      return;
    }
    if (transformer.done()) end();
  }

  @Override
  public void flush() {
    if (!over) listener.flush();
  }

  @Override
  public void end() {
    if (over) return;
    try {
      transformer.end(this::send);
    } catch (RuntimeException e) {
      source.cancel();
      fail(e);
      return;
    }
    finish();
  }

  @Override
  public void fail(Throwable cause) {
    if (over) return;
    try {
      transformer.fail(cause, this::send);
    } catch (RuntimeException e) {
      over = true;
      listener.fail(e);
      return;
    }
    finish();
  }

  private void send(R item) {
    if (!over) listener.next(item);
  }

  private void finish() {
    over = true;
    listener.flush();
    listener.end();
  }
}

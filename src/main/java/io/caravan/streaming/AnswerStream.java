package io.caravan.streaming;

/**
 * A running answer: items that arrive one by one, pushed to a single listener.
 *
 * <p>Nothing flows before {@link #listen}. All calls to the listener come from one thread at a
 * time. {@link #pause} is a request: the items that were already read may still follow.
 *
 * @param <T> what one item is: network bytes, a {@link ServerEvent}, an OpenAI chunk
 */
public interface AnswerStream<T> {

  /** Starts the flow. May be called once. */
  void listen(Listener<T> listener);

  /**
   * Says that content has been seen, each time: from the first on a silence is measured from line
   * to line, no longer as the time to the first token.
   */
  void began();

  /** Asks the source to stop reading, because the listener cannot take more now. */
  void pause();

  /** Lets the source read again. */
  void resume();

  /** Ends the source at once; the listener hears no more. Harmless when repeated or too late. */
  void cancel();

  /** This stream seen through a transformer; the transformer belongs to this stream alone. */
  default <R> AnswerStream<R> through(Transformer<T, R> transformer) {
    return new TransformedStream<>(this, transformer);
  }

  /** Hears what a stream brings: any number of items, then exactly one of end or failure. */
  interface Listener<T> {
    void next(T item);

    /** No more items are at hand for the moment: a good time to write what was gathered. */
    default void flush() {}

    void end();

    void fail(Throwable cause);
  }
}

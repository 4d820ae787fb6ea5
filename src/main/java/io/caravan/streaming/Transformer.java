package io.caravan.streaming;

import java.util.function.Consumer;

/**
 * One step of a stream, as a pure state machine: items in, any number of items out. An exception
 * from any method ends the stream as failed and cancels its source.
 *
 * @param <T> items in
 * @param <R> items out
 */
public interface Transformer<T, R> {

  void next(T item, Consumer<R> out);

  /** The source ended well: send what is still held back. */
  default void end(Consumer<R> out) {}

  /**
   * Whether the last item said that nothing else will come. The stream then ends at once, without
   * waiting for its source to close the connection.
   */
  default boolean done() {
    return false;
  }

  /**
   * The source failed. Returning normally means that the failure has been told in the items sent,
   * so the stream ends well; the default passes it on.
   */
  default void fail(Throwable cause, Consumer<R> out) {
    throw cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }
}

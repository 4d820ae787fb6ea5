package io.caravan.local.worker;

import io.caravan.streaming.AnswerStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** All pieces of a stream, once the last is there. */
final class Collector<T> implements AnswerStream.Listener<T> {

  private final List<T> pieces = new ArrayList<>();
  private final CompletableFuture<List<T>> all = new CompletableFuture<>();

  static <T> CompletableFuture<List<T>> collect(AnswerStream<T> stream) {
    var collector = new Collector<T>();
    stream.listen(collector);
    return collector.all;
  }

  @Override
  public void next(T piece) {
    pieces.add(piece);
  }

  @Override
  public void end() {
    all.complete(pieces);
  }

  @Override
  public void fail(Throwable cause) {
    all.completeExceptionally(cause);
  }
}

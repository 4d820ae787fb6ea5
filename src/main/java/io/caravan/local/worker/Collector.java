package io.caravan.local.worker;

import io.caravan.streaming.AnswerStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** All pieces of a stream, once the last is there. */
final class Collector implements AnswerStream.Listener<Piece> {

  private final List<Piece> pieces = new ArrayList<>();
  private final CompletableFuture<List<Piece>> all = new CompletableFuture<>();

  static CompletableFuture<List<Piece>> collect(AnswerStream<Piece> stream) {
    var collector = new Collector();
    stream.listen(collector);
    return collector.all;
  }

  @Override
  public void next(Piece piece) {
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

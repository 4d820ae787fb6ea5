package io.caravan.local.worker;

import io.caravan.errors.GatewayException;
import io.caravan.streaming.AnswerStream;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** The {@code n} answers to one request, generated side by side, as one stream. */
final class Choices {

  private final List<Generation> generations;
  private final PushedStream<Choice> all = new PushedStream<>(this::clientLeft);
  private final CompletableFuture<AnswerStream<Choice>> begun = new CompletableFuture<>();
  private final AtomicInteger open;

  Choices(List<Generation> generations) {
    this.generations = generations;
    this.open = new AtomicInteger(generations.size());
  }

  /**
   * Completes with the stream when the first piece is there; one answer that fails fails all.
   *
   * @param reading how pieces are made of an answer's text; called once for each answer
   * @throws GatewayException.Unavailable if too many wait already
   */
  CompletableFuture<AnswerStream<Choice>> submit(
      Slots slots, UnaryOperator<AnswerStream<Piece>> reading) {
    try {
      for (int i = 0; i < generations.size(); i++) {
        var part = new Part(i);
        var answer = generations.get(i).submit(slots).thenApply(reading);
        answer.thenAccept(part::begin).exceptionally(part::refused);
      }
    } catch (GatewayException.Unavailable e) {
      clientLeft();
      throw e;
    }
    return begun;
  }

  void clientLeft() {
    generations.forEach(Generation::clientLeft);
  }

  /** One of the answers. */
  private final class Part implements AnswerStream.Listener<Piece> {

    private final int index;

    private Part(int index) {
      this.index = index;
    }

    void begin(AnswerStream<Piece> answer) {
      answer.listen(this);
      begun.complete(all);
    }

    Void refused(Throwable cause) {
      fail(cause);
      return null;
    }

    @Override
    public void next(Piece piece) {
      all.push(new Choice(index, piece));
    }

    @Override
    public void end() {
      if (open.decrementAndGet() == 0) all.end();
    }

    @Override
    public void fail(Throwable cause) {
      clientLeft();
      if (!begun.completeExceptionally(cause)) all.fail(cause);
    }
  }
}

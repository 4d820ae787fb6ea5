package io.caravan.local.worker;

import de.kherud.llama.LlamaOutput;
import de.kherud.llama.NativeTasks;
import io.caravan.errors.GatewayException;
import io.caravan.streaming.AnswerStream;
import java.util.concurrent.CompletableFuture;

/**
 * One completion, from its place in the queue to its last token. Its slot's thread reads llama.cpp
 * at full speed and hands the pieces on.
 */
final class Generation implements Slots.Work {

  private final Llama llama;
  private final Completion request;
  private final PushedStream<Piece> pieces = new PushedStream<>(this::clientLeft);
  private final CompletableFuture<AnswerStream<Piece>> begun = new CompletableFuture<>();
  private volatile GatewayException cancelled;
  private volatile Slots.Ticket ticket;
  private int[] held = {};
  private int cached;

  Generation(Llama llama, Completion request) {
    this.llama = llama;
    this.request = request;
  }

  /** Completes with the pieces when the first is there, or fails with what kept it from coming. */
  CompletableFuture<AnswerStream<Piece>> submit(Slots slots) {
    ticket = slots.submit(this);
    return begun;
  }

  /** The client wants no more. */
  void clientLeft() {
    cancel(new GatewayException.Cancelled());
  }

  /** Only the reader may tell llama.cpp; it looks after each token. */
  @Override
  public void cancel(GatewayException reason) {
    cancelled = reason;
    var place = ticket;
    if (place != null) place.giveUp();
  }

  @Override
  public void refused(GatewayException reason) {
    begun.completeExceptionally(reason);
  }

  @Override
  public void run() {
    var place = llama.memory().take(request.prompt());
    cached = place.known();
    try {
      int evaluated = new Prefill(llama, request, place).run(() -> cancelled != null);
      held = request.first(evaluated);
      var at = new SlotMemory.Place(place.number(), evaluated);
      if (cancelled == null) read(NativeTasks.request(llama.model(), request.json(at)));
      if (cancelled != null) throw cancelled;
      pieces.end();
    } catch (RuntimeException e) {
      var failure = NativeFailures.translate(e);
      if (!begun.completeExceptionally(failure)) pieces.fail(failure);
    } finally {
      llama.memory().giveBack(place, held);
    }
  }

  private void read(int task) {
    boolean over = false;
    held = request.prompt();
    try {
      over = readAll(task);
    } finally {
      // a task that nobody reads goes on generating, and makes all other readers spin
      if (!over) NativeTasks.cancel(llama.model(), task);
    }
  }

  /** Whether the task is over; if not, it is to be cancelled. */
  private boolean readAll(int task) {
    var text = new StringBuilder();
    int events = 0;
    int trailing = 0;
    for (var output = next(task); !NativeTasks.isLast(output); output = next(task)) {
      events++;
      trailing = output.text.isEmpty() ? trailing + 1 : 0;
      take(output.text, text);
      begun.complete(pieces);
      if (cancelled != null) return false;
    }
    NativeTasks.release(llama.model(), task);
    var generated = llama.model().encode(text.toString());
    held = request.with(generated);
    pieces.push(request.end(generated.length, events, trailing).withCached(cached));
    begun.complete(pieces);
    return true;
  }

  private LlamaOutput next(int task) {
    return NativeTasks.receive(llama.model(), task);
  }

  private void take(String more, StringBuilder text) {
    if (more.isEmpty()) return;
    text.append(more);
    pieces.push(new Piece.Text(more));
  }
}

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
final class Generation implements Work {

  private final Llama llama;
  private final Completion request;
  private final PushedStream<Piece> pieces = new PushedStream<>(this::clientLeft);
  private final CompletableFuture<AnswerStream<Piece>> begun = new CompletableFuture<>();
  private volatile GatewayException cancelled;
  private volatile Slots.Ticket ticket;
  private final StopTexts stops;
  private int[] held = {};
  private int cached;

  Generation(Llama llama, Completion request) {
    this.llama = llama;
    this.request = request;
    this.stops = new StopTexts(request.stops());
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
      var rest = read(request, new SlotMemory.Place(place.number(), evaluated));
      if (rest != null) read(rest, new SlotMemory.Place(place.number(), evaluated));
      if (cancelled != null) throw cancelled;
      pieces.end();
    } catch (RuntimeException e) {
      var failure = NativeFailures.translate(e);
      if (!begun.completeExceptionally(failure)) pieces.fail(failure);
    } finally {
      llama.memory().giveBack(place, held);
    }
  }

  /** Hands on what is generated. What is left to be generated then, null if nothing is. */
  private Completion read(Completion part, SlotMemory.Place at) {
    if (cancelled != null) return null;
    int task = NativeTasks.request(llama.model(), part.json(at));
    var told = new Told();
    boolean over = false;
    held = part.prompt();
    try {
      over = readAll(task, told);
    } finally {
      // a task that nobody reads goes on generating, and makes all other readers spin
      if (!over) NativeTasks.cancel(llama.model(), task);
    }
    return over || stops.found() ? ended(part, told) : null;
  }

  /** Whether the task is over; if not, it is to be cancelled. */
  private boolean readAll(int task, Told told) {
    for (var output = next(task); !NativeTasks.isLast(output); output = next(task)) {
      told.add(output.text);
      tell(stops.add(output.text));
      begun.complete(pieces);
      if (cancelled != null || stops.found()) return false;
    }
    NativeTasks.release(llama.model(), task);
    return true;
  }

  private Completion ended(Completion part, Told told) {
    var generated = llama.model().encode(told.text());
    held = part.with(generated);
    var rest = stops.found() ? null : part.rest(generated, told);
    if (rest != null) return rest;
    tell(stops.rest());
    var end = stops.found() ? stopped(part, generated, told) : part.end(generated.length, told);
    pieces.push(end.withCached(cached));
    begun.complete(pieces);
    return null;
  }

  private static Piece.End stopped(Completion part, int[] generated, Told told) {
    return part.stopped(Math.max(told.events(), generated.length));
  }

  private void tell(String text) {
    if (!text.isEmpty()) pieces.push(new Piece.Text(text));
  }

  private LlamaOutput next(int task) {
    return llama.readers().next(task);
  }
}

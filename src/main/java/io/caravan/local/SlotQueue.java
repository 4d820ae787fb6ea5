package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/**
 * The slots of a loaded model, and the requests that wait for one: first come, first served, as
 * many as may wait and for as long as they may. No engine gets more requests than it has slots, so
 * none is lost in a queue that nobody can look into. Thread-safe.
 */
final class SlotQueue {

  private static final int RETRY_SECONDS = 5;

  private final String model;
  private final int slots;
  private final Limits limits;
  private final Clock clock;
  private final Queue<Place> waiting = new ArrayDeque<>();
  private int taken;
  private boolean closed;

  SlotQueue(String model, int slots, Limits limits, Clock clock) {
    this.model = model;
    this.slots = slots;
    this.limits = limits;
    this.clock = clock;
  }

  /** A slot that a request has, or its place in the queue for one. */
  static final class Place {

    private final CompletableFuture<Boolean> slot = new CompletableFuture<>();
    private final Instant deadline;
    private boolean inSlot;

    private Place(Instant deadline) {
      this.deadline = deadline;
    }

    /**
     * Completes with true when there is a slot, with false if the model's process is gone and the
     * request has to ask anew. Fails with a {@link GatewayException.Unavailable} that tells the
     * place in the queue. Whoever waits no more may fail it; the place is to be left in any case.
     */
    CompletableFuture<Boolean> slot() {
      return slot;
    }
  }

  /** Takes a slot, or a place in the queue. */
  synchronized Place enter() {
    var place = new Place(clock.instant().plus(limits.patience()));
    if (closed) place.slot.complete(false);
    else if (taken < slots) occupy(place).slot.complete(true);
    else if (waiting.size() < limits.waiting()) waiting.add(place);
    else place.slot.completeExceptionally(full());
    return place;
  }

  /** Gives up the slot, which the next one gets, or the place. Harmless when repeated. */
  void leave(Place place) {
    var next = next(place);
    if (next != null) next.slot.completeAsync(() -> true);
  }

  /** To be called every second: gives up those who wait too long. */
  void expire() {
    for (var late : late()) late.run();
  }

  /** The model's process is gone: whoever waits for its slots asks anew. */
  void close() {
    for (var place : closing()) place.slot.completeAsync(() -> false);
  }

  synchronized int waiting() {
    return waiting.size();
  }

  private Place occupy(Place place) {
    taken++;
    place.inSlot = true;
    return place;
  }

  private synchronized Place next(Place leaving) {
    if (!leaving.inSlot) {
      waiting.remove(leaving);
      return null;
    }
    leaving.inSlot = false;
    taken--;
    return waiting.isEmpty() ? null : occupy(waiting.remove());
  }

  private synchronized List<Runnable> late() {
    var late = new ArrayList<Runnable>();
    var now = clock.instant();
    int number = 0;
    for (var place : waiting) {
      var failure = late(++number);
      if (place.deadline.isBefore(now)) late.add(() -> place.slot.completeExceptionally(failure));
    }
    waiting.removeIf(place -> place.deadline.isBefore(now));
    return late;
  }

  private synchronized List<Place> closing() {
    closed = true;
    var left = List.copyOf(waiting);
    waiting.clear();
    return left;
  }

  private GatewayException late(int number) {
    var message =
        "All %d slots of the model `%s` are busy (caravan.local.parallel). The request waited %d s"
            + " and is number %d of %d in the queue.";
    return new GatewayException.Unavailable(
        message.formatted(slots, model, limits.patience().toSeconds(), number, waiting.size()),
        RETRY_SECONDS);
  }

  private GatewayException full() {
    var message =
        "All %d slots of the model `%s` are busy and %d requests wait for one, as many as may"
            + " (caravan.local.max-waiting); this would be number %d.";
    return new GatewayException.Unavailable(
        message.formatted(slots, model, waiting.size(), waiting.size() + 1), RETRY_SECONDS);
  }
}

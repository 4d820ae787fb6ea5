package io.caravan.local;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** The right of one request to use a loaded model, which is not ended before it is released. */
public final class Lease {

  private static final int SECONDS_TO_DIE = 2;

  private final Worker worker;
  private final SlotQueue.Place place;
  private final WorkerAddress address;
  private final Runnable onRelease;
  private final AtomicBoolean released = new AtomicBoolean();

  /**
   * @param place in the queue for a slot, null if it needs none
   */
  Lease(Worker worker, SlotQueue.Place place, Runnable onRelease) {
    this.worker = worker;
    this.place = place;
    this.address = worker.address().join(); // there is one: only loaded models are leased
    this.onRelease = onRelease;
  }

  /** Where the model answers. */
  public WorkerAddress address() {
    return address;
  }

  /** The model as it was when it was loaded. */
  public LocalModel model() {
    return worker.model();
  }

  /** Where the model runs. */
  public Placement placement() {
    return worker.process().placement();
  }

  /** The slot in which the request is to be served, see {@link SlotQueue.Place#slot}. */
  CompletableFuture<Boolean> slot() {
    return place == null ? CompletableFuture.completedFuture(true) : place.slot();
  }

  /** The request is done with the model. Harmless when repeated. */
  public void release() {
    if (!released.compareAndSet(false, true)) return;
    if (place != null) worker.slots().leave(place);
    onRelease.run();
  }

  /**
   * Whether a request that failed to reach the worker can be sent to another one: the process is
   * gone, and it was not this request that it was working on.
   *
   * @param sent whether the request may have arrived
   */
  CompletionStage<Boolean> lostUntouched(boolean sent) {
    return worker
        .gone()
        .thenApply(gone -> !sent || !worker.process().working())
        .completeOnTimeout(false, SECONDS_TO_DIE, TimeUnit.SECONDS);
  }
}

package io.caravan.local;

import java.util.function.Consumer;

/** Who uses which worker. Guarded by {@link Admission}. */
final class Leases {

  private final Consumer<Worker> onRelease;

  /**
   * @param onRelease hears, without the lock, of each lease that is given back
   */
  Leases(Consumer<Worker> onRelease) {
    this.onRelease = onRelease;
  }

  /** Whoever only wants a model to be loaded does not keep it from being ended. */
  Lease of(Waiting waiting, Worker worker) {
    if (waiting.wish() != null) return new Lease(worker, null, () -> {});
    worker.use().begins();
    var place = waiting.claim().slot() ? worker.slots().enter() : null;
    return new Lease(worker, place, () -> onRelease.accept(worker));
  }

  void released(Worker worker) {
    worker.use().ends();
    endRetired(worker);
  }

  /** The worker gets no more requests, and ends when it has served those that it has. */
  void retire(Worker worker) {
    worker.retire();
    endRetired(worker);
  }

  void endRetired(Worker worker) {
    if (worker.retired() && worker.idle()) worker.end();
  }
}

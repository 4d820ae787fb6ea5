package io.caravan.local;

import java.util.Collection;

/** Whether there is memory for one more model. Guarded by {@link Admission}. */
final class MemoryBudget {

  private final Memory memory;
  private final WorkerLauncher launcher;
  private long free;
  private long total;

  MemoryBudget(Memory memory, WorkerLauncher launcher) {
    this.memory = memory;
    this.launcher = launcher;
  }

  /** Looks how much there is. Takes a moment: to be called without a lock, by one thread. */
  void measure() {
    free = memory.available();
    total = memory.total();
  }

  /**
   * Whether a model fits beside the workers that there are; if not, it does once some have ended.
   *
   * @throws io.caravan.errors.GatewayException if it does not even then
   */
  boolean allows(LocalModel model, LoadOptions options, Collection<Worker> workers) {
    long need = launcher.bytesNeeded(model, options);
    long all = 0;
    long promised = 0;
    for (var worker : workers) {
      long estimate = launcher.bytesNeeded(worker.model(), worker.options());
      all += estimate;
      if (!worker.loaded()) promised += estimate;
    }
    long left = free - promised;
    if (need <= left) return true;
    if (need <= total && need <= left + all) return false;
    throw Memory.refusal(model, need, left, total);
  }
}

package io.caravan.local;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A worker that is ready only when something more was done with it. */
final class WarmWorker implements WorkerLauncher.WorkerProcess {

  private final WorkerLauncher.WorkerProcess process;
  private final CompletionStage<WorkerAddress> ready;

  /**
   * @param warming never fails
   */
  WarmWorker(
      WorkerLauncher.WorkerProcess process,
      Function<WorkerAddress, CompletableFuture<Void>> warming) {
    this.process = process;
    ready = process.ready().thenCompose(at -> warming.apply(at).thenApply(done -> at));
  }

  @Override
  public CompletionStage<WorkerAddress> ready() {
    return ready;
  }

  @Override
  public CompletionStage<Integer> exited() {
    return process.exited();
  }

  @Override
  public boolean working() {
    return process.working();
  }

  @Override
  public Placement placement() {
    return process.placement();
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void end() {
    process.end();
  }

  @Override
  public void kill() {
    process.kill();
  }
}

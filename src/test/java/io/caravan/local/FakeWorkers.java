package io.caravan.local;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Processes that do what a test says. */
final class FakeWorkers implements WorkerLauncher {

  /** No threads: what is to be done is done at once. */
  static final Desk AT_ONCE = new Desk(Runnable::run, Runnable::run);

  final List<Fake> launched = new ArrayList<>();
  long bytesNeeded;

  @Override
  public Fake launch(LocalModel model, LoadOptions options) {
    var fake = new Fake(model, options);
    launched.add(fake);
    return fake;
  }

  @Override
  public String refusal(LocalModel model) {
    return Architectures.refusal(model.gguf());
  }

  @Override
  public long bytesNeeded(LocalModel model, LoadOptions options) {
    return bytesNeeded;
  }

  Fake last() {
    return launched.get(launched.size() - 1);
  }

  static final class Fake implements WorkerLauncher.WorkerProcess {
    final LocalModel model;
    final LoadOptions options;
    final CompletableFuture<WorkerAddress> ready = new CompletableFuture<>();
    final CompletableFuture<Integer> exited = new CompletableFuture<>();
    boolean working;
    boolean deaf;

    private Fake(LocalModel model, LoadOptions options) {
      this.model = model;
      this.options = options;
    }

    void isReady() {
      ready.complete(new WorkerAddress("http://127.0.0.1:1", "secret"));
    }

    @Override
    public CompletableFuture<WorkerAddress> ready() {
      return ready;
    }

    @Override
    public CompletableFuture<Integer> exited() {
      return exited;
    }

    @Override
    public boolean working() {
      return working;
    }

    @Override
    public Placement placement() {
      return new Placement("fake", "CPU", 0, 0, "it is a fake", 1, 512, options.threads());
    }

    @Override
    public long pid() {
      return 1;
    }

    @Override
    public void end() {
      if (!deaf) exited.complete(0);
    }

    @Override
    public void kill() {
      exited.complete(137);
    }
  }
}

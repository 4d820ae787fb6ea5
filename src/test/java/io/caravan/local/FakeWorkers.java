package io.caravan.local;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Processes that do what a test says. */
final class FakeWorkers implements WorkerLauncher {

  final List<Fake> launched = new ArrayList<>();

  @Override
  public Fake launch(LocalModel model) {
    var fake = new Fake(model);
    launched.add(fake);
    return fake;
  }

  Fake last() {
    return launched.get(launched.size() - 1);
  }

  static final class Fake implements WorkerLauncher.WorkerProcess {
    final LocalModel model;
    final CompletableFuture<WorkerAddress> ready = new CompletableFuture<>();
    final CompletableFuture<Integer> exited = new CompletableFuture<>();
    Instant idleSince = Instant.MIN;
    boolean deaf;

    private Fake(LocalModel model) {
      this.model = model;
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
    public Optional<Instant> idleSince() {
      return Optional.ofNullable(idleSince);
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

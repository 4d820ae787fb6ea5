package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** One model's process as {@link Fleet} sees it: from the wish for it until it is gone. */
final class Worker {

  private static final int DRAIN_SECONDS = 5;

  private final LocalModel model;
  private final LoadOptions options;
  private final Loading loading;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final Use use;
  private final Clock clock;
  private volatile WorkerLauncher.WorkerProcess process;
  private volatile SlotQueue slots;
  private volatile boolean retired;
  private volatile boolean ending;
  private volatile boolean blamesFile;

  /** What becomes of a worker. */
  interface Events {

    /** It is loaded, or will never be. */
    void settled(Worker worker, Throwable failure);

    /** Its process is gone. Told before those who wait for that: they may want another worker. */
    void gone(Worker worker);
  }

  Worker(LocalModel model, LoadOptions options, Clock clock) {
    this.model = model;
    this.options = options;
    this.loading = new Loading(model.name());
    this.use = new Use(clock);
    this.clock = clock;
  }

  LocalModel model() {
    return model;
  }

  LoadOptions options() {
    return options;
  }

  WorkerLauncher.WorkerProcess process() {
    return process;
  }

  /** Who uses it, and when it was used. */
  Use use() {
    return use;
  }

  /** Its slots, which requests take in turns. */
  SlotQueue slots() {
    return slots;
  }

  /** What went wrong; null while nothing did. */
  String failure() {
    return loading.failure();
  }

  /** Completes when the model is loaded; fails with the reason why it is not. */
  CompletableFuture<WorkerAddress> address() {
    return loading.address();
  }

  /** Completes when the process is gone, whatever ended it. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  boolean loaded() {
    return loading.succeeded();
  }

  /** Whether it was told to end, so that its end is no crash. */
  boolean ending() {
    return ending;
  }

  /** Whether it ended by itself while it loaded: the file is the likely cause. */
  boolean blamesFile() {
    return blamesFile;
  }

  /** Whether it takes no more requests and ends when it has served those that it has. */
  boolean retired() {
    return retired || ending;
  }

  void retire() {
    retired = true;
  }

  /** Whether it is loaded and nobody uses it. */
  boolean idle() {
    return loaded() && !ending && use.requests() == 0;
  }

  void launch(WorkerLauncher launcher, Limits limits, Events events) {
    process = launcher.launch(model, options);
    slots = new SlotQueue(model.name(), process.placement().slots(), limits, clock);
    process
        .ready()
        .whenComplete(
            (at, failure) -> {
              use.touched();
              loading.settle(at, failure);
            });
    process.exited().thenAccept(status -> over(new ExitStatus(status), events));
    loading.limit(limits.load(), process::kill);
    address().whenComplete((at, failure) -> events.settled(this, failure));
  }

  /** Ends the process; the future completes when it is gone. */
  CompletableFuture<Void> end() {
    if (ending) return gone;
    ending = true;
    if (!address().isDone()) loading.fail("was unloaded while it was being loaded.");
    process.end();
    gone.copy().orTimeout(DRAIN_SECONDS, TimeUnit.SECONDS).exceptionally(late -> kill());
    return gone;
  }

  private void over(ExitStatus status, Events events) {
    boolean whileLoading = !loaded() && !ending;
    blamesFile = whileLoading && status.blamesFile();
    loading.fail(new GatewayException.Unavailable(status.of(model.name(), whileLoading), 1));
    events.gone(this);
    slots.close();
    gone.complete(null);
  }

  private Void kill() {
    process.kill();
    return null;
  }
}

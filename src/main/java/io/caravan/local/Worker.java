package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One model's process as {@link Fleet} sees it: from the wish for it until it is gone. */
final class Worker {

  private static final int DRAIN_SECONDS = 5;
  private static final Duration PROVEN = Duration.ofMinutes(1);

  private final LocalModel model;
  private final LoadOptions options;
  private final Clock clock;
  private final CompletableFuture<WorkerAddress> address = new CompletableFuture<>();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private final Instant begun;
  private volatile WorkerLauncher.WorkerProcess process;
  private final Use use;
  private Runnable whenGone;
  private volatile String failure;
  private volatile boolean retired;
  private volatile boolean ending;

  Worker(LocalModel model, LoadOptions options, Clock clock) {
    this.model = model;
    this.options = options;
    this.clock = clock;
    this.begun = clock.instant();
    this.use = new Use(clock);
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

  /** Whether it has served a request or run for a while: if it dies now, it may start at once. */
  boolean proven() {
    return use.served() || begun.plus(PROVEN).isBefore(clock.instant());
  }

  /** What went wrong; null while nothing did. */
  String failure() {
    return failure;
  }

  /** Completes when the model is loaded; fails with the reason why it is not. */
  CompletableFuture<WorkerAddress> address() {
    return address;
  }

  /** Completes when the process is gone, whatever ended it. */
  CompletableFuture<Void> gone() {
    return gone;
  }

  boolean loaded() {
    return address.isDone() && !address.isCompletedExceptionally();
  }

  /** Whether it was told to end, so that its end is no crash. */
  boolean ending() {
    return ending;
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

  /**
   * @param whenGone told before those who wait for {@link #gone}: they may ask for another worker
   */
  void launch(WorkerLauncher launcher, Duration limit, Runnable whenGone) {
    this.whenGone = whenGone;
    process = launcher.launch(model, options);
    process.ready().whenComplete(this::ready);
    process
        .exited()
        .thenAccept(
            status ->
                over("The process of the model " + name() + " ended with status " + status + "."));
    address
        .copy()
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> failure instanceof TimeoutException ? late(limit) : null);
  }

  /** Ends the process; the future completes when it is gone. */
  CompletableFuture<Void> end() {
    if (ending) return gone;
    ending = true;
    if (!address.isDone()) {
      var message = "The model " + name() + " was unloaded while it was being loaded.";
      fail(new GatewayException.Unavailable(message, 1));
    }
    process.end();
    gone.copy().orTimeout(DRAIN_SECONDS, TimeUnit.SECONDS).exceptionally(late -> kill());
    return gone;
  }

  private void over(String message) {
    fail(new GatewayException.Unavailable(message, 1));
    whenGone.run();
    gone.complete(null);
  }

  private void ready(WorkerAddress at, Throwable cause) {
    use.touched();
    if (cause == null) address.complete(at);
    else fail(cause instanceof CompletionException wrapped ? wrapped.getCause() : cause);
  }

  private WorkerAddress late(Duration limit) {
    var message = "The model `%s` was not loaded within %d s (caravan.local.load-timeout-sec).";
    fail(new GatewayException.Unavailable(message.formatted(model.name(), limit.toSeconds()), 5));
    kill();
    return null;
  }

  /** The first failure is the cause; what follows from it is not told. */
  private synchronized void fail(Throwable cause) {
    if (failure == null) failure = cause.getMessage();
    address.completeExceptionally(cause);
  }

  private Void kill() {
    process.kill();
    return null;
  }

  private String name() {
    return "`" + model.name() + "`";
  }
}

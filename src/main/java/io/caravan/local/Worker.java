package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One model's process as {@link LocalModels} sees it: from the wish for it until it is gone. */
final class Worker {

  private static final int DRAIN_SECONDS = 5;

  /** How long a caller that got the address may take until its request reaches the worker. */
  private static final Duration ARRIVAL = Duration.ofSeconds(2);

  private final LocalModel model;
  private final Clock clock;
  private final CompletableFuture<WorkerAddress> address = new CompletableFuture<>();
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private volatile WorkerLauncher.WorkerProcess process;
  private final Instant begun;
  private volatile Instant lastUsed;
  private volatile String failure;
  private volatile boolean ending;

  Worker(LocalModel model, Clock clock) {
    this.model = model;
    this.clock = clock;
    this.begun = clock.instant();
    this.lastUsed = begun;
  }

  LocalModel model() {
    return model;
  }

  Instant lastUsed() {
    return lastUsed;
  }

  Duration age() {
    return Duration.between(begun, clock.instant());
  }

  /** What went wrong; null while nothing did. */
  String failure() {
    return failure;
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

  /** The address, once the model is loaded; each caller has a future of its own. */
  CompletableFuture<WorkerAddress> use() {
    lastUsed = clock.instant();
    return address.copy();
  }

  /** Whether it is loaded, serves nothing, and nobody is on the way to it. */
  boolean idle() {
    if (!loaded() || ending) return false;
    var since = process.idleSince();
    return since.isPresent()
        && (since.get().isAfter(lastUsed) || clock.instant().isAfter(lastUsed.plus(ARRIVAL)));
  }

  void launch(WorkerLauncher launcher, Duration limit) {
    if (ending) {
      over("The model `" + model.name() + "` was unloaded.");
      return;
    }
    process = launcher.launch(model);
    process.exited().thenAccept(status -> over(endedWith(status)));
    process.ready().whenComplete(this::ready);
    address
        .copy()
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(failure -> failure instanceof TimeoutException ? late(limit) : null);
    if (ending) process.kill();
  }

  /** Ends the process; the future completes when it is gone. */
  CompletableFuture<Void> end() {
    ending = true;
    if (process == null) return gone;
    process.end();
    gone.copy().orTimeout(DRAIN_SECONDS, TimeUnit.SECONDS).exceptionally(late -> kill());
    return gone;
  }

  /** The process never came to be, or is no more. */
  void over(String message) {
    fail(new GatewayException.Unavailable(message, 1));
    gone.complete(null);
  }

  private void ready(WorkerAddress at, Throwable cause) {
    lastUsed = clock.instant();
    if (cause == null) address.complete(at);
    else fail(cause instanceof CompletionException wrapped ? wrapped.getCause() : cause);
  }

  private WorkerAddress late(Duration limit) {
    var message = "The model `%s` was not loaded within %d s.";
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

  private String endedWith(int status) {
    return "The process of the model `%s` ended with status %d.".formatted(model.name(), status);
  }
}

package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/** How a model's process fares: whether it has loaded, and what went wrong first. */
final class Loading {

  private final String model;
  private final CompletableFuture<WorkerAddress> address = new CompletableFuture<>();
  private final AtomicReference<String> failure = new AtomicReference<>();

  Loading(String model) {
    this.model = model;
  }

  /** Completes when the model is loaded; fails with the reason why it is not. */
  CompletableFuture<WorkerAddress> address() {
    return address;
  }

  boolean succeeded() {
    return address.isDone() && !address.isCompletedExceptionally();
  }

  /** What went wrong, also after the loading; null while nothing did. */
  String failure() {
    return failure.get();
  }

  void settle(WorkerAddress at, Throwable cause) {
    if (cause == null) address.complete(at);
    else fail(cause instanceof CompletionException wrapped ? wrapped.getCause() : cause);
  }

  /** The first failure is the cause; what follows from it is not told. */
  void fail(Throwable cause) {
    failure.compareAndSet(null, String.valueOf(cause.getMessage()));
    address.completeExceptionally(cause);
  }

  void fail(String what) {
    fail(new GatewayException.Unavailable("The model `" + model + "` " + what, 1));
  }

  /** Gives up after a while. */
  void limit(Duration limit, Runnable onTimeout) {
    address
        .copy()
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            cause -> {
              if (cause instanceof TimeoutException) late(limit, onTimeout);
              return null;
            });
  }

  private void late(Duration limit, Runnable onTimeout) {
    var message = "The model `%s` was not loaded within %d s (caravan.local.load-timeout-sec).";
    fail(new GatewayException.Unavailable(message.formatted(model, limit.toSeconds()), 5));
    onTimeout.run();
  }
}

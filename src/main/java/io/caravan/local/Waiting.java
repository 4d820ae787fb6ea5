package io.caravan.local;

import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;

/**
 * A request that waits until its model is loaded.
 *
 * @param claim what it wants of the model
 * @param deadline when to give up waiting for room; loading has a limit of its own
 * @param answer completed in a pool, never by the thread that holds a lock
 */
record Waiting(LocalModel model, Claim claim, Instant deadline, CompletableFuture<Lease> answer) {

  Path path() {
    return model.path();
  }

  /** How the model is to be loaded, null if it is to be used as it is. */
  LoadOptions wish() {
    return claim.wish();
  }

  /** Whether a worker has loaded the model in the way that this request wants. */
  boolean suits(Worker worker) {
    var wish = wish();
    return wish == null || wish.context() == worker.options().context();
  }

  /** Whether a worker can take this request now. */
  boolean passes(Worker worker) {
    return worker.loaded() && !worker.retired() && suits(worker);
  }

  /** Hands over the lease on the thread that asks for it. */
  void grantNow(Lease lease) {
    if (!answer.complete(lease)) lease.release();
  }

  /** Hands over the lease, which is given back if the client has left meanwhile. */
  void grant(Lease lease) {
    answer.completeAsync(() -> lease);
    answer.whenComplete(
        (granted, failure) -> {
          if (granted != lease) lease.release();
        });
  }

  void fail(Throwable cause) {
    answer.completeAsync(
        () -> {
          throw cause instanceof RuntimeException known
              ? known
              : new java.util.concurrent.CompletionException(cause);
        });
  }
}

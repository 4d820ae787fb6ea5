package io.caravan.local.worker;

import io.caravan.errors.GatewayException.InvalidRequest;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Where chat templates are filled in: a thread of its own, for a template is a program, and nothing
 * says that it comes to an end. One that does not cannot be stopped; so its process has to end.
 */
final class Rendering {

  private static final String THREAD = "llama-template";

  private final Executor thread =
      Executors.newSingleThreadExecutor(
          task -> {
            var thread = new Thread(task, THREAD);
            thread.setDaemon(true);
            return thread;
          });
  private final Duration limit;
  private final Runnable onEndless;

  /**
   * @param limit how long a template may take
   * @param onEndless is told when one takes longer, and that its client is about to hear of it
   */
  Rendering(Duration limit, Runnable onEndless) {
    this.limit = limit;
    this.onEndless = onEndless;
  }

  /** Makes a prompt; fails with {@link InvalidRequest} if that takes too long. */
  <T> CompletableFuture<T> of(Supplier<T> prompt) {
    return CompletableFuture.supplyAsync(prompt, thread)
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            failure -> {
              if (failure instanceof TimeoutException) throw endless();
              throw failure instanceof CompletionException wrapped
                  ? wrapped
                  : new CompletionException(failure);
            });
  }

  private InvalidRequest endless() {
    onEndless.run();
    return new InvalidRequest(
        "The model's chat template did not come to an end within %d s."
            .formatted(limit.toSeconds()),
        "model",
        "invalid_chat_template");
  }
}

package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/** From a model's name to its place in the queue. Keeps nobody waiting. */
final class Asking {

  private static final int RETRY_SECONDS = 5;

  private final Inventory inventory;
  private final Admission admission;
  private final Executor looks;

  /**
   * @param looks reads the folders
   */
  Asking(Inventory inventory, Admission admission, Executor looks) {
    this.inventory = inventory;
    this.admission = admission;
    this.looks = looks;
  }

  /**
   * A model that runs is found without a look at the folders.
   *
   * @param check throws a {@link GatewayException} if the model is not good for what it is wanted
   *     for
   */
  CompletableFuture<Lease> ask(String name, Claim claim, Consumer<LocalModel> check) {
    var answer = new CompletableFuture<Lease>();
    var running = inventory.running(name);
    if (running.isPresent()) ask(running.get(), claim, check, answer);
    else look(name, claim, check, answer);
    return answer;
  }

  private void ask(
      LocalModel model, Claim claim, Consumer<LocalModel> check, CompletableFuture<Lease> answer) {
    try {
      check.accept(model);
      admission.ask(model, claim, answer);
    } catch (GatewayException e) {
      answer.completeExceptionally(e);
    }
  }

  private void look(
      String name, Claim claim, Consumer<LocalModel> check, CompletableFuture<Lease> answer) {
    try {
      looks.execute(() -> found(name, claim, check, answer));
    } catch (RejectedExecutionException e) {
      var message = "Too many requests wait for models that are not loaded.";
      answer.completeExceptionally(new GatewayException.Unavailable(message, RETRY_SECONDS));
    }
  }

  private void found(
      String name, Claim claim, Consumer<LocalModel> check, CompletableFuture<Lease> answer) {
    if (answer.isDone()) return; // the client has left
    try {
      ask(inventory.wanted(name), claim, check, answer);
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }
}

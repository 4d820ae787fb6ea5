package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.streaming.Cancellation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Has a prompt evaluated and nothing generated: the next request that begins like it is fast. */
final class Prewarm implements Work {

  private final Llama llama;
  private final Completion prompt;
  private final Cancellation cancellation;
  private final CompletableFuture<ObjectNode> answer = new CompletableFuture<>();

  /**
   * @param prompt a completion of no tokens
   */
  Prewarm(Llama llama, Completion prompt, Cancellation cancellation) {
    this.llama = llama;
    this.prompt = prompt;
    this.cancellation = cancellation;
  }

  /** Completes with {@code tokens_cached} and {@code time_ms}. */
  CompletableFuture<ObjectNode> submit(Slots slots) {
    var ticket = slots.submit(this);
    cancellation.onCancel(ticket::giveUp);
    return answer;
  }

  @Override
  public void cancel(GatewayException reason) {
    cancellation.cancel();
  }

  @Override
  public void refused(GatewayException reason) {
    answer.completeExceptionally(reason);
  }

  @Override
  public void run() {
    long begin = System.nanoTime();
    var place = llama.memory().take(prompt.prompt());
    int[] held = {};
    try {
      int done = new Prefill(llama, prompt, place).run(cancellation::isCancelled);
      held = prompt.first(done);
      if (cancellation.isCancelled()) throw new GatewayException.Cancelled();
      long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
      int cached = llama.memory().remembers() ? done : 0;
      answer.complete(Json.object().put("tokens_cached", cached).put("time_ms", millis));
    } catch (RuntimeException e) {
      answer.completeExceptionally(NativeFailures.translate(e));
    } finally {
      llama.memory().giveBack(place, held);
    }
  }
}

package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.local.Gguf;
import io.caravan.streaming.Cancellation;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The embeddings of one request's texts, computed one after the other in the model's only slot. */
final class Embedding implements Work {

  private final Llama llama;
  private final Cancellation cancellation;
  private final List<String> texts;
  private final CompletableFuture<ObjectNode> answer = new CompletableFuture<>();
  private int tokens;

  /** Checks the texts, so that a wrong one is refused before anything waits. */
  Embedding(Llama llama, JsonNode request, Cancellation cancellation) {
    this.llama = llama;
    this.cancellation = cancellation;
    this.texts = new EmbeddingInput(request, llama.gguf()).texts(llama.model()::decode);
    dimensions(request, llama.gguf());
    for (var text : texts) tokens += count(text);
  }

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
    try {
      answer.complete(embed());
    } catch (RuntimeException e) {
      answer.completeExceptionally(NativeFailures.translate(e));
    }
  }

  private ObjectNode embed() {
    var list = Json.object().put("object", "list");
    var data = list.putArray("data");
    for (var text : texts) {
      if (cancellation.isCancelled()) throw new GatewayException.Cancelled();
      var entry = data.addObject().put("object", "embedding").put("index", data.size() - 1);
      var numbers = entry.putArray("embedding");
      for (float number : llama.model().embed(text)) numbers.add(number);
    }
    list.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    return list;
  }

  private int count(String text) {
    int count = llama.count(text);
    if (count <= llama.context()) return count;
    var message = "This model's maximum input is %d tokens. However, a text has %d tokens.";
    throw new InvalidRequest(
        message.formatted(llama.context(), count), "input", "context_length_exceeded");
  }

  static void dimensions(JsonNode request, Gguf gguf) {
    int has = gguf.embeddingLength();
    if (!request.hasNonNull("dimensions") || request.get("dimensions").asInt() == has) return;
    var message = "This model has %d dimensions and no others.";
    throw new InvalidRequest(message.formatted(has), "dimensions", "invalid_value");
  }
}

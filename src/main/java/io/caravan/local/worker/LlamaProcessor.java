package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.dialect.Embeddings;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.local.Gguf;
import io.caravan.streaming.Cancellation;
import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/**
 * Answers the routes of {@code routes/worker/llama.camel.yaml}. No method waits; each returns what
 * becomes the body: JSON bytes, or a stream of event bytes.
 */
public final class LlamaProcessor {

  private final CompletableFuture<Llama> loading;
  private final Slots slots;
  private final Gate gate;
  private final String model;
  private final Clock clock;

  /**
   * @param loading the model, which is loaded before the gateway knows where to send requests
   * @param model the name in answers to requests that give none
   */
  LlamaProcessor(
      CompletableFuture<Llama> loading, Slots slots, Gate gate, String model, Clock clock) {
    this.loading = loading;
    this.slots = slots;
    this.gate = gate;
    this.model = model;
    this.clock = clock;
  }

  public CompletionStage<Object> health(Exchange exchange) {
    return gate.pass(exchange, () -> Gate.whole(Json.bytes(Json.object().put("status", "ok"))));
  }

  public CompletionStage<Object> chat(Exchange exchange) {
    return gate.pass(
        exchange,
        () -> {
          var request = request(exchange, Gguf.Kind.CHAT);
          var reply = new ChatReply(name(request), created(), includesUsage(request));
          var completion = new Prompts(llama()).chat(request);
          return complete(exchange, request, completion, reply, Tools.wanted(request));
        });
  }

  public CompletionStage<Object> completions(Exchange exchange) {
    return gate.pass(
        exchange,
        () -> {
          var request = request(exchange, Gguf.Kind.CHAT);
          var reply = new TextReply(name(request), created(), includesUsage(request));
          var completion = new Prompts(llama()).text(request);
          return complete(exchange, request, completion, reply, false);
        });
  }

  public CompletionStage<Object> embeddings(Exchange exchange) {
    return gate.pass(
        exchange,
        () -> {
          var request = request(exchange, Gguf.Kind.EMBEDDINGS);
          var format = request.path("encoding_format").asText("float");
          return new Embedding(llama(), request, cancellation(exchange))
              .submit(slots)
              .thenApply(list -> list.put("model", name(request)))
              .thenApply(list -> Json.bytes(Embeddings.encoded(list, format)));
        });
  }

  private CompletionStage<?> complete(
      Exchange exchange, JsonNode request, Completion completion, Reply reply, boolean tools) {
    var generation = new Generation(llama().model(), completion);
    cancellation(exchange).onCancel(generation::clientLeft);
    var pieces =
        generation
            .submit(slots)
            .thenApply(answer -> tools ? answer.through(new ToolCalls()) : answer);
    if (!request.path("stream").asBoolean()) {
      return pieces.thenCompose(Collector::collect).thenApply(all -> Json.bytes(reply.whole(all)));
    }
    return pieces.thenApply(
        answer -> {
          exchange.getMessage().setHeader("Content-Type", "text/event-stream");
          return answer.through(reply).through(new EventBytes());
        });
  }

  private JsonNode request(Exchange exchange, Gguf.Kind kind) throws IOException {
    var request = Json.read(exchange.getMessage().getBody(byte[].class));
    if (!request.isObject()) throw new InvalidRequest("The body must be an object.", null, null);
    if (llama().gguf().kind() == kind) return request;
    var good = kind == Gguf.Kind.CHAT ? "embeddings, not for chat" : "chat, not for embeddings";
    throw new InvalidRequest("This model is good for " + good + ".", "model", null);
  }

  private static Cancellation cancellation(Exchange exchange) {
    var cancellation = exchange.getProperty(Cancellation.PROPERTY, Cancellation.class);
    return cancellation == null ? new Cancellation() : cancellation;
  }

  private Llama llama() {
    return loading.join();
  }

  private static boolean includesUsage(JsonNode request) {
    return request.at("/stream_options/include_usage").asBoolean();
  }

  private String name(JsonNode request) {
    return request.path("model").asText(model);
  }

  private long created() {
    return clock.instant().getEpochSecond();
  }
}

package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.dialect.Embeddings;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.local.Gguf;
import io.caravan.streaming.Cancellation;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/**
 * Answers the routes of {@code routes/worker}. No method waits; each returns what becomes the body:
 * JSON bytes, or a stream of event bytes.
 */
public final class LlamaProcessor {

  private final CompletableFuture<Llama> loading;
  private final Slots slots;
  private final Rendering rendering;
  private final Gate gate;
  private final WorkerOptions options;
  private final Clock clock;

  /**
   * @param loading the model, which is loaded before the gateway knows where to send requests
   */
  LlamaProcessor(
      CompletableFuture<Llama> loading,
      Slots slots,
      Rendering rendering,
      Gate gate,
      WorkerOptions options,
      Clock clock) {
    this.loading = loading;
    this.slots = slots;
    this.rendering = rendering;
    this.gate = gate;
    this.options = options;
    this.clock = clock;
  }

  public CompletionStage<Object> health(Exchange exchange) {
    return gate.pass(
        exchange, () -> loading.thenApply(llama -> Json.bytes(Health.of(llama, options))));
  }

  public CompletionStage<Object> chat(Exchange exchange) {
    return gate.pass(
        exchange,
        () -> {
          var request = request(exchange, Gguf.Kind.CHAT);
          var tools = tools(request);
          var reply = new ChatReply(name(request), created(), includesUsage(request));
          var answer = new Answer(llama(), slots, request, cancellation(exchange));
          return rendering
              .of(() -> new Prompts(llama()).chat(request, tools))
              .thenCompose(
                  prompt -> answer.of(List.of(prompt), tools, reply, exchange.getMessage()));
        });
  }

  public CompletionStage<Object> completions(Exchange exchange) {
    return gate.pass(
        exchange,
        () -> {
          var request = request(exchange, Gguf.Kind.CHAT);
          var prompts = new Prompts(llama()).texts(request);
          int answers = request.path("n").asInt(1);
          var reply = new TextReply(name(request), created(), includesUsage(request), answers);
          return new Answer(llama(), slots, request, cancellation(exchange))
              .of(prompts, ToolChoice.NONE, reply, exchange.getMessage());
        });
  }

  /** Evaluates a chat's prompt, so that the chat itself is answered sooner. */
  public CompletionStage<Object> prefill(Exchange exchange) {
    return gate.pass(
        exchange,
        () -> {
          var request = request(exchange, Gguf.Kind.CHAT);
          var tools = tools(request);
          return rendering
              .of(() -> new Prompts(llama()).chat(request, tools).evaluated())
              .thenCompose(
                  prompt -> new Prewarm(llama(), prompt, cancellation(exchange)).submit(slots))
              .thenApply(Json::bytes);
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

  public CompletionStage<Object> tokenize(Exchange exchange) {
    return gate.pass(
        exchange, () -> Gate.whole(Json.bytes(new Tokens(llama()).tokenize(read(exchange)))));
  }

  public CompletionStage<Object> detokenize(Exchange exchange) {
    return gate.pass(
        exchange, () -> Gate.whole(Json.bytes(new Tokens(llama()).detokenize(read(exchange)))));
  }

  private ToolChoice tools(JsonNode request) {
    return ToolChoice.of(request, CallFormat.of(llama().gguf().chatTemplate()));
  }

  private JsonNode request(Exchange exchange, Gguf.Kind kind) throws IOException {
    var request = read(exchange);
    RequestCheck.kind(llama().gguf(), kind);
    return request;
  }

  private static JsonNode read(Exchange exchange) throws IOException {
    var request = Json.read(exchange.getMessage().getBody(byte[].class));
    if (request.isObject()) return request;
    throw new InvalidRequest("The body must be an object.", null, null);
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
    return request.path("model").asText(options.name());
  }

  private long created() {
    return clock.instant().getEpochSecond();
  }
}

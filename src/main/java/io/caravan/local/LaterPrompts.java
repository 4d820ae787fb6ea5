package io.caravan.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import io.caravan.local.worker.ServerDialect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;

/**
 * The prompts of a request that llama-server sees only when those before are answered: by then a
 * refusal could only break the answer off.
 */
final class LaterPrompts {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** What belongs around a text, with room to spare. */
  private static final int AROUND = 8;

  private final int context;
  private final BiFunction<JsonNode, Duration, CompletableFuture<JsonNode>> tokenize;

  /**
   * @param context tokens for each prompt and its answer
   * @param tokenize asks llama-server
   */
  LaterPrompts(int context, BiFunction<JsonNode, Duration, CompletableFuture<JsonNode>> tokenize) {
    this.context = context;
    this.tokenize = tokenize;
  }

  /**
   * Completes if all fit; fails with {@link io.caravan.errors.GatewayException.InvalidRequest}.
   *
   * @param prompts texts or lists of tokens
   */
  CompletableFuture<Void> fit(List<JsonNode> prompts) {
    var all = CompletableFuture.<Void>completedFuture(null);
    for (var prompt : prompts) {
      all = all.thenCompose(before -> tokens(prompt)).thenAccept(this::check);
    }
    return all;
  }

  private void check(int tokens) {
    if (tokens >= context) throw ServerDialect.beyond(context, "prompt", tokens);
  }

  /** No token is less than a byte: most are known to fit without a question. */
  private CompletableFuture<Integer> tokens(JsonNode prompt) {
    if (prompt.isArray()) return CompletableFuture.completedFuture(prompt.size());
    int bytes = prompt.asText().getBytes(StandardCharsets.UTF_8).length;
    if (bytes + AROUND < context) return CompletableFuture.completedFuture(bytes);
    var body = Json.object().put("content", prompt.asText()).put("add_special", true);
    return tokenize.apply(body, LIMIT).thenApply(told -> told.path("tokens").size());
  }
}

package io.caravan.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.errors.UpstreamError;
import io.caravan.json.Json;
import io.caravan.local.worker.ServerDialect;
import io.caravan.streaming.Cancellation;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** Calls about a worker that no client waits for, or that are no OpenAI requests. */
final class WorkerCalls {

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private WorkerCalls() {}

  /**
   * Posts JSON and reads JSON; fails with a {@link GatewayException}. Whoever completes the answer
   * ends the call.
   */
  static CompletableFuture<JsonNode> post(
      WorkerAddress worker, String path, JsonNode body, Duration limit) {
    var request =
        HttpRequest.newBuilder(URI.create(worker.url() + path))
            .timeout(limit)
            .header("Authorization", "Bearer " + worker.secret())
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofByteArray(Json.bytes(body)))
            .build();
    var sent = HTTP.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray());
    var answer = sent.handle(WorkerCalls::answer);
    answer.whenComplete((json, failure) -> sent.cancel(true));
    return answer;
  }

  /** A call that ends when the client that it is made for leaves. */
  static CompletableFuture<JsonNode> post(
      WorkerAddress worker, String path, JsonNode body, Duration limit, Cancellation client) {
    var answer = post(worker, path, body, limit);
    client.onCancel(() -> answer.completeExceptionally(new GatewayException.Cancelled()));
    return answer;
  }

  /** A chat of llama-server, whose refusals are told as our own workers tell theirs. */
  static CompletableFuture<JsonNode> chat(
      WorkerAddress server, ObjectNode request, Duration limit, Cancellation client) {
    return post(server, "/v1/chat/completions", request, limit, client)
        .exceptionally(
            failure -> {
              if (failure.getCause() instanceof GatewayException.UpstreamFailed refused) {
                throw ServerDialect.refusal(refused, "messages");
              }
              throw failure instanceof CompletionException known
                  ? known
                  : new CompletionException(failure);
            });
  }

  private static JsonNode answer(HttpResponse<byte[]> response, Throwable failure) {
    if (failure != null) {
      var cause = failure instanceof CompletionException ? failure.getCause() : failure;
      if (cause instanceof java.net.http.HttpTimeoutException) {
        throw new GatewayException.TimedOut("The local model did not answer in time.");
      }
      throw new GatewayException.Unreachable("The local model's process could not be reached.");
    }
    try {
      if (response.statusCode() < 300) return Json.read(response.body());
    } catch (IOException e) {
      throw new GatewayException.BadAnswer("JSON that is malformed");
    }
    throw new GatewayException.UpstreamFailed(
        UpstreamError.of(response.statusCode(), response.body(), Map.of()));
  }
}

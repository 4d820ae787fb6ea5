package io.caravan.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.streaming.AnswerStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * A request that llama-server cannot answer at once, for it gives no more answers to a prompt than
 * it has slots, and streams those to one prompt only: several requests, one after the other, and
 * their answers as one.
 */
final class ServerRounds {

  private final Queue<Round> rounds;
  private final Function<ObjectNode, CompletionStage<Object>> service;
  private final Round first;

  /**
   * One of the requests.
   *
   * @param choice the number of its first choice
   * @param again whether its prompt was answered before
   */
  record Round(ObjectNode request, int choice, boolean again) {

    /** The same choices, or those of a chunk, by their numbers among all. */
    void number(JsonNode answer) {
      for (var each : answer.path("choices")) {
        ((ObjectNode) each).put("index", each.path("index").asInt() + choice);
      }
    }

    /** Adds its tokens to those of the rounds before. */
    void add(JsonNode usage, ObjectNode sum) {
      if (!again) add(usage, sum, "prompt_tokens");
      add(usage, sum, "completion_tokens");
      int all = sum.path("prompt_tokens").asInt() + sum.path("completion_tokens").asInt();
      sum.put("total_tokens", all);
    }

    private static void add(JsonNode usage, ObjectNode sum, String name) {
      sum.put(name, sum.path(name).asInt() + usage.path(name).asInt());
    }
  }

  /**
   * @param slots answers that llama-server gives at once
   * @param service sends the second and all other requests; completes with an answer or a stream
   */
  ServerRounds(
      ObjectNode request, int slots, Function<ObjectNode, CompletionStage<Object>> service) {
    this.rounds = of(request, slots);
    this.service = service;
    this.first = rounds.remove();
  }

  private static Queue<Round> of(ObjectNode request, int slots) {
    var rounds = new ArrayDeque<Round>();
    int n = Math.max(1, request.path("n").asInt(1));
    for (var prompt : prompts(request.get("prompt"))) {
      for (int done = 0; done < n; done += slots) {
        int choice = rounds.isEmpty() ? 0 : rounds.getLast().choice + choices(rounds.getLast());
        var part = part(request, prompt, Math.min(slots, n - done), done);
        rounds.add(new Round(part, choice, done > 0));
      }
    }
    return rounds;
  }

  private static int choices(Round round) {
    return round.request.path("n").asInt(1);
  }

  /** A single null for a chat, which has none. */
  private static List<JsonNode> prompts(JsonNode prompt) {
    boolean several = prompt != null && prompt.isArray() && !prompt.path(0).isNumber();
    if (!several) return Collections.singletonList(prompt);
    var all = new ArrayList<JsonNode>();
    prompt.forEach(all::add);
    return all;
  }

  private static ObjectNode part(ObjectNode request, JsonNode prompt, int n, int done) {
    var part = Json.shallowCopy(request);
    if (prompt != null) part.set("prompt", prompt);
    if (n > 1 || part.has("n")) part.put("n", n);
    // the same seed would bring the same answers again
    if (done > 0 && part.hasNonNull("seed")) part.put("seed", part.get("seed").asLong() + done);
    return part;
  }

  /** What is to be sent first. */
  ObjectNode first() {
    return first.request;
  }

  /** The prompts that the first request does not hold. */
  List<JsonNode> laterPrompts() {
    return rounds.stream()
        .filter(each -> !each.again)
        .map(each -> each.request.get("prompt"))
        .toList();
  }

  /** Sends the next request, null if all were; the answer comes with the round. */
  Round next() {
    return rounds.poll();
  }

  CompletionStage<Object> send(Round round) {
    return service.apply(round.request);
  }

  /** The first round's answer, whole or a stream, with those of all others. */
  @SuppressWarnings("unchecked") // a stream is one of chunks
  CompletionStage<Object> joined(Object answer) {
    if (rounds.isEmpty()) return CompletableFuture.completedFuture(answer);
    if (answer instanceof ObjectNode whole) return whole(whole);
    var stream = new RoundsStream((AnswerStream<ObjectNode>) answer, this);
    return CompletableFuture.completedFuture(stream);
  }

  private CompletionStage<Object> whole(ObjectNode answer) {
    var round = next();
    if (round == null) return CompletableFuture.completedFuture(answer);
    return send(round)
        .thenCompose(
            other -> {
              var more = (ObjectNode) other;
              round.number(more);
              ((ArrayNode) answer.path("choices")).addAll((ArrayNode) more.path("choices"));
              if (answer.get("usage") instanceof ObjectNode sum) round.add(more.path("usage"), sum);
              return whole(answer);
            });
  }
}

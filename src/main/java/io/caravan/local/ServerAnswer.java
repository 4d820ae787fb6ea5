package io.caravan.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Transformer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Mends llama-server's answers: of several answers to one request it counts the tokens of the first
 * only, of a call that the token limit cuts it shows the beginning as text, and it leaves out what
 * OpenAI's API always has.
 *
 * @param uncut a text that the limit cut without the call that may have been cut
 */
record ServerAnswer(WorkerAddress worker, UnaryOperator<String> uncut, GatheredStream.Alarm alarm) {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  /** The body, a JSON tree or a stream of chunks, with what was missing. */
  CompletionStage<Object> of(Object body) {
    if (body instanceof AnswerStream<?> stream) {
      @SuppressWarnings("unchecked") // the dialect makes chunks of every stream
      var chunks = (AnswerStream<ObjectNode>) stream;
      return CompletableFuture.completedFuture(
          new GatheredStream(chunks, alarm, System::nanoTime).through(new Sum()));
    }
    if (!(body instanceof ObjectNode answer)) return CompletableFuture.completedFuture(body);
    return counted(answer).thenApply(done -> completed(answer));
  }

  private CompletableFuture<Void> counted(ObjectNode answer) {
    var all = CompletableFuture.<Void>completedFuture(null);
    var first = answer.at("/choices/0");
    // an answer that the limit ended has as many tokens as another one
    var cut = CompletableFuture.completedFuture(answer.at("/usage/completion_tokens").asInt());
    for (var choice : answer.path("choices")) {
      if (choice.path("index").asInt() == 0) continue;
      all =
          all.thenCompose(before -> isCut(first) && isCut(choice) ? cut : tokens(choice))
              .thenAccept(tokens -> add(tokens, answer));
    }
    return all;
  }

  /** The tokens of an answer, its end token included. */
  private CompletableFuture<Integer> tokens(JsonNode choice) {
    var text = choice.has("text") ? choice.path("text") : choice.at("/message/content");
    int end = isCut(choice) ? 0 : 1;
    var body = Json.object().put("content", text.asText(""));
    return WorkerCalls.post(worker, "/tokenize", body, LIMIT)
        .thenApply(told -> told.path("tokens").size() + end);
  }

  private static boolean isCut(JsonNode choice) {
    return choice.path("finish_reason").asText().equals("length");
  }

  private static void add(int tokens, ObjectNode answer) {
    if (!(answer.path("usage") instanceof ObjectNode usage)) return;
    for (var name : new String[] {"completion_tokens", "total_tokens"}) {
      usage.put(name, usage.path(name).asInt() + tokens);
    }
  }

  private ObjectNode completed(ObjectNode answer) {
    name(answer);
    for (var each : answer.path("choices")) {
      var choice = (ObjectNode) each;
      if (!choice.has("logprobs")) choice.putNull("logprobs");
      if (choice.get("message") instanceof ObjectNode message) complete(message, isCut(choice));
    }
    return answer;
  }

  private void complete(ObjectNode message, boolean cut) {
    var text = message.path("content").asText("");
    boolean calls = !message.path("tool_calls").isEmpty();
    if (cut && !text.isEmpty()) message.put("content", uncut.apply(text));
    else if (calls && text.isBlank()) message.putNull("content");
    if (!message.has("refusal")) message.putNull("refusal");
  }

  /** It names every answer like a chat's. */
  private static void name(ObjectNode answer) {
    var id = answer.path("id").asText();
    boolean text = answer.path("object").asText().equals("text_completion");
    if (text && id.startsWith("chatcmpl-")) answer.put("id", id.substring("chat".length()));
  }

  /** In a stream it counts each answer for itself. */
  private static final class Sum implements Transformer<ObjectNode, ObjectNode> {

    private ObjectNode sum;

    @Override
    public void next(ObjectNode chunk, Consumer<ObjectNode> out) {
      name(chunk);
      if (!chunk.path("usage").isObject()) {
        out.accept(chunk);
        return;
      }
      int before = sum == null ? 0 : sum.at("/usage/completion_tokens").asInt();
      sum = Json.shallowCopy(chunk);
      sum.putArray("choices");
      add(before, sum);
      if (chunk.path("choices").isEmpty()) return;
      out.accept(chunk.putNull("usage")); // a text's last chunk tells both
    }

    @Override
    public void end(Consumer<ObjectNode> out) {
      if (sum != null) out.accept(sum);
    }
  }
}

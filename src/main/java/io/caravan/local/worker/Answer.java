package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import io.caravan.streaming.Cancellation;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.apache.camel.Message;

/** Has a request's answers generated and put into the form that it asks for. */
final class Answer {

  private final Llama llama;
  private final Slots slots;
  private final JsonNode request;
  private final Cancellation cancellation;

  Answer(Llama llama, Slots slots, JsonNode request, Cancellation cancellation) {
    this.llama = llama;
    this.slots = slots;
    this.request = request;
    this.cancellation = cancellation;
  }

  /** The body: JSON bytes, or a stream of events, which the message is then told. */
  CompletionStage<?> of(List<Completion> prompts, ToolChoice tools, Reply reply, Message message) {
    var choices = choices(prompts);
    cancellation.onCancel(choices::clientLeft);
    boolean streamed = request.path("stream").asBoolean();
    var begun =
        choices.submit(
            slots,
            answer -> tools.wanted() ? answer.through(new ToolCalls(tools, streamed)) : answer);
    if (!streamed) {
      return begun.thenCompose(Collector::collect).thenApply(all -> Json.bytes(reply.whole(all)));
    }
    return begun.thenApply(
        answer -> {
          message.setHeader("Content-Type", "text/event-stream");
          return answer.through(reply).through(new EventBytes());
        });
  }

  /** In the order of the prompts. */
  private Choices choices(List<Completion> prompts) {
    int n = new Prompts(llama).parameters(request).choices();
    return new Choices(
        IntStream.range(0, n * prompts.size())
            .mapToObj(i -> new Generation(llama, prompts.get(i / n).choice(i % n)))
            .toList());
  }
}

package io.caravan.resilience;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.resilience.Rules.Recovery;
import io.caravan.routing.Stage;
import io.caravan.streaming.AnswerStream;
import io.caravan.streaming.Cancellation;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/** Sends a call whose stream has broken off through stage {@code dispatch} once more. */
public final class Rescue {

  private final RuleBook rules;
  private final Clock clock;
  private final Stage dispatch = new Stage("dispatch", List.of("operation", "alias", "wishes"));

  public Rescue(RuleBook rules, Clock clock) {
    this.rules = rules;
    this.clock = clock;
  }

  /** The stream of a call's latest attempt, which settles with it and may be rescued. */
  AnswerStream<ObjectNode> watch(
      Exchange exchange, AnswerStream<ObjectNode> stream, Attempts attempts) {
    var alias = exchange.getVariable("alias", String.class);
    var recovery = rules.of(attempts.latest().target().service(), alias).recovery();
    var call = new Call(this, exchange, attempts, recovery);
    return new WatchedStream(stream, call, clock);
  }

  /** What a watched stream knows of its call. */
  record Call(Rescue rescue, Exchange exchange, Attempts attempts, Recovery recovery) {

    /** Whether anything could go on where this stream breaks off. */
    boolean hasOthers() {
      return recovery != Recovery.OFF
          && attempts.count() < attempts.maxInAll()
          && !attempts.others().isEmpty()
          && request().path("n").asInt(1) == 1
          && !request().path("logprobs").asBoolean(false);
    }

    String deliveredBefore() {
      return attempts.resumption() == null ? "" : attempts.resumption().delivered();
    }

    /** The rest of the answer from another target; fails if there is none. */
    CompletionStage<AnswerStream<ObjectNode>> resume(String delivered, Cancellation cancellation) {
      var resumption = new Resumption(request(), delivered, recovery);
      return rescue.send(exchange, attempts.resuming(resumption), cancellation);
    }

    private ObjectNode request() {
      return attempts.resumption() == null
          ? exchange.getVariable("request", ObjectNode.class)
          : attempts.resumption().original();
    }
  }

  @SuppressWarnings("unchecked") // a streamed request is answered with a stream of chunks
  private CompletionStage<AnswerStream<ObjectNode>> send(
      Exchange broken, Attempts attempts, Cancellation cancellation) {
    return dispatch
        .send(
            broken,
            again -> {
              again.setProperty(Cancellation.PROPERTY, cancellation);
              again.setVariable(Attempts.VARIABLE, attempts);
            })
        .thenApply(body -> (AnswerStream<ObjectNode>) body);
  }
}

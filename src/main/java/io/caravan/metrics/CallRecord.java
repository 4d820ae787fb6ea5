package io.caravan.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client;
import io.caravan.edge.CallListener.Figures;
import io.caravan.edge.RequestId;
import io.caravan.resilience.Attempt;
import io.caravan.resilience.Attempts;
import io.caravan.resilience.Fault;
import io.caravan.routing.Target;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * One call that is over, without a word of what was said in it.
 *
 * @param client id of the key that it came with, {@code local} where none is asked for
 * @param operation as in the exchange variable, null for a call that asks no service
 * @param requested the model's name as the client wrote it, null if it wrote none
 * @param target where the answer came from, or where it was sought last; null if nowhere
 * @param firstToken from the answering attempt's start, null if nothing came
 * @param perToken null if it cannot be told
 * @param tokensIn -1 if the service did not tell
 * @param tokensOut -1 if the service did not tell
 */
record CallRecord(
    Figures figures,
    String requestId,
    String client,
    String operation,
    String requested,
    Target target,
    Duration firstToken,
    Duration perToken,
    long tokensIn,
    long tokensOut,
    List<Try> tries,
    Fault.Kind reason) {

  /**
   * One attempt of it.
   *
   * @param fault null if it answered
   * @param firstContent null if none came
   */
  record Try(Target target, Fault.Kind fault, Duration firstContent, Duration duration) {}

  /** The last attempt, or null. */
  Try latest() {
    return tries.isEmpty() ? null : tries.get(tries.size() - 1);
  }

  /** What went wrong in the end, also behind a status of 200; null if nothing did. */
  Fault.Kind fault() {
    return latest() == null ? null : latest().fault();
  }

  static CallRecord of(Exchange exchange, Figures figures) {
    var attempts = exchange.getVariable(Attempts.VARIABLE, Attempts.class);
    var latest = attempts == null ? null : attempts.latest();
    var request = exchange.getVariable("request", ObjectNode.class);
    JsonNode usage = latest == null ? null : latest.usage();
    long out = tokens(usage, "completion_tokens");
    return new CallRecord(
        figures,
        exchange.getProperty(RequestId.PROPERTY, String.class),
        Client.of(exchange).id(),
        exchange.getVariable("operation", String.class),
        request == null ? null : request.path("model").asText(null),
        latest == null ? null : latest.target(),
        latest == null ? null : latest.firstContent(),
        latest == null ? null : perToken(latest, out),
        tokens(usage, "prompt_tokens"),
        out,
        attempts == null ? List.of() : attempts.made().stream().map(CallRecord::tried).toList(),
        attempts == null ? null : attempts.reason());
  }

  private static Try tried(Attempt attempt) {
    return new Try(attempt.target(), attempt.fault(), attempt.firstContent(), attempt.duration());
  }

  /** Only a stream shows when its first token came; without usage its chunks are counted. */
  private static Duration perToken(Attempt attempt, long tokensOut) {
    long pieces = tokensOut > 0 ? tokensOut : attempt.pieces();
    if (attempt.pieces() < 2 || pieces < 2 || attempt.firstContent() == null) return null;
    return attempt.duration().minus(attempt.firstContent()).dividedBy(pieces - 1);
  }

  private static long tokens(JsonNode usage, String name) {
    return usage == null ? -1 : usage.path(name).asLong(-1);
  }
}

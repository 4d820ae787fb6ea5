package io.caravan.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.local.worker.ForcedCalls;
import io.caravan.local.worker.ServerDialect;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A call of llama-server: what it is sent, and its answer as our own workers would give it. */
final class ServerCall {

  private final ServerAnswer server;
  private final ServerRounds rounds;
  private final ForcedCalls forced;

  /**
   * @param service sends further requests of the call; completes with an answer or a stream
   * @throws io.caravan.errors.GatewayException.InvalidRequest as our own workers would
   */
  ServerCall(
      String operation,
      ObjectNode request,
      Lease lease,
      Function<ObjectNode, CompletionStage<Object>> service) {
    var gguf = lease.model().gguf();
    var asked = ServerDialect.request(operation, request, gguf);
    server = new ServerAnswer(lease.address());
    forced = ForcedCalls.of(operation, request, gguf);
    rounds =
        new ServerRounds(
            asked, lease.placement().slots(), more -> service.apply(more).thenCompose(this::read));
  }

  /** What is to be sent first. */
  ObjectNode request() {
    return rounds.first();
  }

  /** The whole answer, of which this is what came first. */
  CompletionStage<Object> answer(Object first) {
    return read(first).thenCompose(rounds::joined);
  }

  private CompletionStage<Object> read(Object answer) {
    return server.of(answer).thenApply(all -> forced == null ? all : forced.read(all));
  }
}

package io.caravan.local;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.local.worker.ForcedCalls;
import io.caravan.local.worker.ServerDialect;
import io.caravan.streaming.Cancellation;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** A call of llama-server: what it is sent, and its answer as our own workers would give it. */
final class ServerCall {

  private final ServerAnswer server;
  private final ServerRounds rounds;
  private final ForcedCalls forced;

  /**
   * @param alarm of the call's event loop
   * @param service sends further requests of the call; completes with an answer or a stream
   * @throws io.caravan.errors.GatewayException.InvalidRequest as our own workers would
   */
  ServerCall(
      String operation,
      ObjectNode request,
      Lease lease,
      GatheredStream.Alarm alarm,
      Function<ObjectNode, CompletionStage<Object>> service) {
    var gguf = lease.model().gguf();
    var asked = ServerDialect.request(operation, request, gguf);
    server =
        new ServerAnswer(
            lease.address(), text -> ServerDialect.beforeCall(text, request, gguf), alarm);
    forced = ForcedCalls.of(operation, request, gguf);
    rounds =
        new ServerRounds(
            asked, lease.placement().slots(), more -> service.apply(more).thenCompose(this::read));
  }

  /** Fails if a prompt that is sent later will be refused. */
  CompletionStage<Void> checked(Lease lease, Cancellation client) {
    var worker = lease.address();
    return new LaterPrompts(
            lease.placement().context(),
            (body, limit) -> WorkerCalls.post(worker, "/tokenize", body, limit, client))
        .fit(rounds.laterPrompts());
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

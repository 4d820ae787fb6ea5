package io.caravan.metrics;

import io.caravan.resilience.Attempt;
import io.caravan.resilience.Attempts;
import io.caravan.resilience.Fault;
import io.caravan.routing.Loads;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.Exchange;

/** A few sums over all calls of models, for who wants to see what goes on. */
public final class Tally {

  private static final Set<String> MODEL_CALLS = Set.of("chat", "completions", "embeddings");

  private final Loads loads;
  private final LongAdder calls = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder tokens = new LongAdder();

  /**
   * @param loads has seen the pieces of streams as they came
   */
  public Tally(Loads loads) {
    this.loads = loads;
  }

  /**
   * What there was since the start.
   *
   * @param calls that are over
   * @param failed of these; a client that left is no failure
   * @param tokens that came out, those of running streams included: a piece counts as one until the
   *     service has told
   */
  public record Count(long calls, long failed, long tokens) {}

  /** The sums now. */
  public Count count() {
    return new Count(calls.sum(), failed.sum(), tokens.sum() + loads.pieces());
  }

  void add(Exchange exchange, CallRecord call) {
    if (call.operation() == null || !MODEL_CALLS.contains(call.operation())) return;
    calls.increment();
    if (isFailed(call)) failed.increment();
    var attempts = exchange.getVariable(Attempts.VARIABLE, Attempts.class);
    if (attempts == null || call.tokensOut() < 0) return;
    long seen = attempts.made().stream().mapToLong(Attempt::pieces).sum();
    tokens.add(Math.max(0, call.tokensOut() - seen));
  }

  /** A stream may break off behind a status of 200. */
  private static boolean isFailed(CallRecord call) {
    if (call.figures().clientLeft()) return false;
    return call.figures().status() >= 400
        || call.fault() != null && call.fault() != Fault.Kind.CANCELLED;
  }
}

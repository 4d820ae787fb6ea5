package io.caravan.metrics;

import io.caravan.edge.CallListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.camel.Exchange;

/** Hears of every call that is over, and tells metrics, tally and access log. */
public final class Observation implements CallListener {

  private final CompletableFuture<Metrics> metrics;
  private final boolean counting;
  private final AccessLog log;
  private final Tally tally;

  /**
   * @param metrics may come later; what happens before is counted then
   * @param counting whether the metrics count calls
   * @param log null for none
   */
  public Observation(
      CompletableFuture<Metrics> metrics, boolean counting, AccessLog log, Tally tally) {
    this.metrics = metrics;
    this.counting = counting;
    this.log = log;
    this.tally = tally;
  }

  @Override
  public void ended(Exchange exchange, Figures figures) {
    var call = CallRecord.of(exchange, figures);
    tally.add(exchange, call);
    if (counting) count(call);
    if (log != null) log.write(call);
  }

  private void count(CallRecord call) {
    var ready = metrics.getNow(null);
    if (ready != null) ready.record(call);
    else metrics.thenAccept(later -> later.record(call));
  }

  /** Body of {@code GET /metrics}. */
  public CompletionStage<String> scrape() {
    return metrics.thenApply(Metrics::scrape);
  }
}

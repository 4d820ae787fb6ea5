package io.caravan.metrics;

import io.caravan.edge.AsyncHttpEngine;
import io.caravan.resilience.Breakers;
import io.caravan.resilience.Gates;
import io.caravan.routing.Target;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/** How the gateway is, for Prometheus. */
public final class Metrics {

  private final AsyncHttpEngine engine;
  private final Breakers breakers;
  private final Gates gates;
  private final CoarseClock clock = new CoarseClock();
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
  private final MultiGauge breakerStates =
      MultiGauge.builder("caravan_breaker_state")
          .description("0 closed, 1 open, 2 to be probed")
          .register(registry);
  private final MultiGauge queues =
      MultiGauge.builder("caravan_queue_depth")
          .description("Calls that wait for their turn at a service")
          .register(registry);
  private final ModelLabels models;
  private final Uncounted uncounted;

  private Metrics(
      AsyncHttpEngine engine, Breakers breakers, Gates gates, Predicate<Target> isListed) {
    this.engine = engine;
    this.breakers = breakers;
    this.gates = gates;
    models = new ModelLabels(isListed);
    uncounted = new Uncounted(clock::look, new Recorder(registry, models)::record);
  }

  /**
   * Made beside the start, which need not wait for it.
   *
   * @param isListed whether a target's model is no client's invention
   */
  public static CompletableFuture<Metrics> start(
      AsyncHttpEngine engine, Breakers breakers, Gates gates, Predicate<Target> isListed) {
    return CompletableFuture.supplyAsync(
        () -> {
          var metrics = new Metrics(engine, breakers, gates, isListed);
          metrics.bind();
          return metrics;
        });
  }

  /** The text format, version 0.0.4. */
  String scrape() {
    uncounted.count();
    breakerStates.register(
        breakers.states().entrySet().stream()
            .filter(state -> models.has(state.getKey()) || state.getValue() != State.CLOSED)
            .map(
                state ->
                    MultiGauge.Row.of(
                        Tags.of("target", state.getKey()), state.getValue().getOrder()))
            .toList(),
        true);
    queues.register(
        gates.waiting().entrySet().stream()
            .map(line -> MultiGauge.Row.of(Tags.of("service", line.getKey()), line.getValue()))
            .toList(),
        true);
    return registry.scrape();
  }

  /** Counts a call, in the next answer of {@link #scrape} at the latest. */
  void record(CallRecord call) {
    uncounted.add(call);
  }

  private void bind() {
    Gauge.builder("caravan.requests.in.flight", engine, AsyncHttpEngine::inFlight)
        .description("Calls that are not wholly answered yet")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
  }
}

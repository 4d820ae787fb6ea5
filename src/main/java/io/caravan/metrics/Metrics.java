package io.caravan.metrics;

import io.caravan.edge.AsyncHttpEngine;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** How the gateway is, for Prometheus. */
public final class Metrics {

  private final AsyncHttpEngine engine;
  private PrometheusMeterRegistry registry;

  public Metrics(AsyncHttpEngine engine) {
    this.engine = engine;
  }

  /** The text format, version 0.0.4. The registry is made when somebody first looks. */
  public String scrape() {
    return registry().scrape();
  }

  private synchronized PrometheusMeterRegistry registry() {
    if (registry != null) return registry;
    registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Gauge.builder("caravan.requests.in.flight", engine, AsyncHttpEngine::inFlight)
        .description("Calls that are not wholly answered yet, this one included")
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    return registry;
  }
}

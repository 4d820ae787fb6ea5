package io.caravan.metrics;

import io.caravan.routing.Target;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts calls that are over. Its labels are bounded, and none is a client's invention. */
final class Recorder {

  private static final Set<String> MODEL_CALLS = Set.of("chat", "completions", "embeddings");
  private static final int MAX_SERVICES = 250;

  private final MeterRegistry registry;
  private final ModelLabels models;
  private final Set<String> services = ConcurrentHashMap.newKeySet();
  private final Map<List<String>, CallMeters> kinds = new ConcurrentHashMap<>();
  private final Map<List<String>, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Timer> latencies = new ConcurrentHashMap<>();

  Recorder(MeterRegistry registry, ModelLabels models) {
    this.registry = registry;
    this.models = models;
  }

  void record(CallRecord call) {
    var status = String.valueOf(call.figures().status());
    count("caravan_requests", "route", call.figures().route(), "status", status);
    if (call.figures().status() >= 400 || call.fault() != null)
      count("caravan_errors", "kind", kind(call));
    for (var attempt : call.tries()) tried(attempt);
    if (call.reason() != null) count("caravan_fallbacks", "reason", call.reason().word());
    if (call.target() == null || !MODEL_CALLS.contains(call.operation())) return;
    kind(call.operation(), call).record(call);
  }

  private void tried(CallRecord.Try attempt) {
    var service = label(attempt.target());
    var outcome = attempt.fault() == null ? "answered" : attempt.fault().word();
    models.of(attempt.target(), attempt.fault() == null);
    count("caravan_attempts", "service", service, "outcome", outcome);
    if (attempt.firstContent() == null) return;
    latencies.computeIfAbsent(service, this::latency).record(attempt.firstContent());
  }

  private Timer latency(String service) {
    return Timer.builder("caravan_upstream_latency")
        .tag("service", service)
        .serviceLevelObjectives(
            Duration.ofMillis(10),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60))
        .register(registry);
  }

  private static String kind(CallRecord call) {
    if (call.figures().clientLeft()) return "cancelled";
    if (call.fault() != null) return call.fault().word();
    return call.figures().status() < 500 ? "request" : "unavailable";
  }

  private CallMeters kind(String operation, CallRecord call) {
    var service = label(call.target());
    var model = models.of(call.target(), call.fault() == null);
    var key = List.of(operation, service, model);
    var known = kinds.get(key);
    if (known != null) return known;
    return kinds.computeIfAbsent(
        key, any -> new CallMeters(registry, operation, provider(call), service, model));
  }

  private static String provider(CallRecord call) {
    return call.target().service().provider().name();
  }

  /** A client may have set up services for itself. */
  private String label(Target target) {
    var name = target.service().name();
    if (services.contains(name)) return name;
    return services.size() < MAX_SERVICES && services.add(name) ? name : ModelLabels.OTHER;
  }

  private void count(String name, String... tags) {
    var key = List.of(name, tags[1], tags.length > 2 ? tags[3] : "");
    var counter = counters.get(key);
    if (counter == null) {
      counter = counters.computeIfAbsent(key, any -> registry.counter(name, Tags.of(tags)));
    }
    counter.increment();
  }
}

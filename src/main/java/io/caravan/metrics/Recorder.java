package io.caravan.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Counts calls that are over. Its labels are bounded: beyond 250 models all are one. */
final class Recorder {

  private static final Set<String> MODEL_CALLS = Set.of("chat", "completions", "embeddings");
  private static final int MAX_KINDS = 250;

  private final MeterRegistry registry;
  private final Map<List<String>, CallMeters> kinds = new ConcurrentHashMap<>();
  private final Map<List<String>, Counter> counters = new ConcurrentHashMap<>();
  private final Map<String, Timer> latencies = new ConcurrentHashMap<>();

  Recorder(MeterRegistry registry) {
    this.registry = registry;
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
    var service = attempt.target().service().name();
    var outcome = attempt.fault() == null ? "answered" : attempt.fault().word();
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
    if (call.figures().status() == 499) return "cancelled";
    if (call.fault() != null) return call.fault().word();
    return call.figures().status() < 500 ? "request" : "unavailable";
  }

  private CallMeters kind(String operation, CallRecord call) {
    var service = call.target().service();
    var model = kinds.size() < MAX_KINDS ? call.target().unifiedName() : "other";
    var key = List.of(operation, service.name(), model);
    var known = kinds.get(key);
    if (known != null) return known;
    return kinds.computeIfAbsent(
        key,
        any ->
            new CallMeters(registry, operation, service.provider().name(), service.name(), model));
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

package io.caravan.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The meters of one kind of call: one operation with one model of one service. */
final class CallMeters {

  private static final Duration[] TIMES =
      millis(5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000, 300_000);

  private static final Duration[] TOKEN_TIMES = millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000);

  /** As https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-metrics/ wants them. */
  private static final double[] TOKENS = {
    1,
    4,
    16,
    64,
    256,
    1024,
    4096,
    16_384,
    65_536,
    262_144,
    1_048_576,
    4_194_304,
    16_777_216,
    67_108_864
  };

  private final Timer duration;
  private final Timer firstToken;
  private final Timer perToken;
  private final DistributionSummary size;
  private final Counter tokensIn;
  private final Counter tokensOut;
  private final Timer genAiDuration;
  private final Timer genAiAttempt;
  private final Timer genAiFirstToken;
  private final Timer genAiPerToken;
  private final DistributionSummary genAiIn;
  private final DistributionSummary genAiOut;

  /**
   * @param model a unified name, {@code other} beyond the bound on names
   */
  CallMeters(
      MeterRegistry registry, String operation, String provider, String service, String model) {
    var tags = Tags.of("operation", operation, "service", service, "model", model);
    duration = timer(registry, "caravan_request_duration", tags, TIMES);
    firstToken = timer(registry, "caravan_time_to_first_token", tags, TIMES);
    perToken = timer(registry, "caravan_time_per_output_token", tags, TOKEN_TIMES);
    size = DistributionSummary.builder("caravan_response_size_bytes").tags(tags).register(registry);
    tokensIn = registry.counter("caravan_tokens", tags.and("direction", "in"));
    tokensOut = registry.counter("caravan_tokens", tags.and("direction", "out"));
    var genAi =
        Tags.of("gen_ai.operation.name", operationName(operation))
            .and("gen_ai.provider.name", provider)
            .and("gen_ai.request.model", model, "gen_ai.response.model", model);
    genAiDuration = timer(registry, "gen_ai.server.request.duration", genAi, TIMES);
    genAiAttempt = timer(registry, "gen_ai.client.operation.duration", genAi, TIMES);
    genAiFirstToken = timer(registry, "gen_ai.server.time_to_first_token", genAi, TIMES);
    genAiPerToken = timer(registry, "gen_ai.server.time_per_output_token", genAi, TOKEN_TIMES);
    genAiIn = tokens(registry, genAi.and("gen_ai.token.type", "input"));
    genAiOut = tokens(registry, genAi.and("gen_ai.token.type", "output"));
  }

  void record(CallRecord call) {
    duration.record(call.figures().duration());
    genAiDuration.record(call.figures().duration());
    genAiAttempt.record(call.latest().duration());
    size.record(call.figures().bytes());
    if (call.firstToken() != null) {
      firstToken.record(call.firstToken());
      genAiFirstToken.record(call.firstToken());
    }
    if (call.perToken() != null) {
      perToken.record(call.perToken());
      genAiPerToken.record(call.perToken());
    }
    if (call.tokensIn() >= 0) {
      tokensIn.increment(call.tokensIn());
      genAiIn.record(call.tokensIn());
    }
    if (call.tokensOut() >= 0) {
      tokensOut.increment(call.tokensOut());
      genAiOut.record(call.tokensOut());
    }
  }

  private static String operationName(String operation) {
    return switch (operation) {
      case "completions" -> "text_completion";
      case "embeddings" -> "embeddings";
      default -> operation;
    };
  }

  private static Timer timer(MeterRegistry registry, String name, Tags tags, Duration[] buckets) {
    return Timer.builder(name).tags(tags).serviceLevelObjectives(buckets).register(registry);
  }

  private static DistributionSummary tokens(MeterRegistry registry, Tags tags) {
    return DistributionSummary.builder("gen_ai.client.token.usage")
        .tags(tags)
        .serviceLevelObjectives(TOKENS)
        .register(registry);
  }

  private static Duration[] millis(long... millis) {
    return java.util.Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}

package io.caravan.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Json;
import io.caravan.metrics.Tally.Count;
import org.junit.jupiter.api.Test;

class SamplesTest {

  private static final long SECOND = 1_000_000_000;

  private final Samples samples = new Samples();

  @Test
  void sumsBecomeRates() {
    samples.add(0, new Count(0, 0, 0), 0);
    samples.add(3, new Count(10, 1, 500), 2 * SECOND);
    var now = Json.object();
    samples.latest(now);
    assertThat(now.path("in_flight").asInt()).isEqualTo(3);
    assertThat(now.path("calls_per_sec").asDouble()).isEqualTo(5);
    assertThat(now.path("tokens_per_sec").asDouble()).isEqualTo(250);
    assertThat(now.path("errors_per_sec").asDouble()).isEqualTo(0.5);
    assertThat(now.path("error_rate").asDouble()).isEqualTo(0.1);
  }

  @Test
  void nothingMeasuredIsNothing() {
    var now = Json.object();
    samples.latest(now);
    assertThat(now.path("tokens_per_sec").asDouble()).isZero();
    assertThat(now.path("error_rate").asDouble()).isZero();
    assertThat(samples.history().path("in_flight")).isEmpty();
  }

  @Test
  void twoMinutesAreKept() {
    for (int i = 0; i < 500; i++) samples.add(i, new Count(i, 0, 0), i * SECOND);
    var history = samples.history().path("in_flight");
    assertThat(history).hasSize(120);
    assertThat(history.get(119).asInt()).isEqualTo(499);
  }

  @Test
  void theErrorRateForgetsAfterAMinute() {
    samples.add(0, new Count(0, 0, 0), 0);
    samples.add(0, new Count(10, 10, 0), SECOND);
    for (int i = 2; i < 70; i++) samples.add(0, new Count(10 + i, 10, 0), i * SECOND);
    var now = Json.object();
    samples.latest(now);
    assertThat(now.path("error_rate").asDouble()).isZero();
  }
}

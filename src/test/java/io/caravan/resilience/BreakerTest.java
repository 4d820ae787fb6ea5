package io.caravan.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class BreakerTest {

  private static final BreakerSettings SETTINGS =
      new BreakerSettings(true, Duration.ofSeconds(15), 80, 4);

  private final Ticking clock = new Ticking();
  private final Breaker breaker = new Breaker("a~m", SETTINGS, clock);

  @Test
  void leavesATargetAloneForAsLongAsItAsks() {
    breaker.rest().begin(Duration.ofSeconds(60));
    assertThat(breaker.blocks()).isTrue();
    assertThat(breaker.isOpen()).isFalse();
    breaker.recovered();
    assertThat(breaker.rest().lasts()).isTrue();
    clock.pass(Duration.ofSeconds(60));
    assertThat(breaker.blocks()).isFalse();
    assertThat(breaker.rest().isOver()).isTrue();
    breaker.succeeded(false);
    assertThat(breaker.rest().isOver()).isFalse();
  }

  @Test
  void leavesNoneAloneForMoreThanAnHour() {
    breaker.rest().begin(Duration.ofDays(365));
    clock.pass(Duration.ofMinutes(59));
    assertThat(breaker.rest().lasts()).isTrue();
    clock.pass(Duration.ofMinutes(1));
    assertThat(breaker.rest().lasts()).isFalse();
    breaker.rest().begin(Duration.ofSeconds(60));
    breaker.reset();
    assertThat(breaker.blocks()).isFalse();
  }

  @Test
  void onlyTheProbeDecidesWhileThereIsOne() {
    for (int i = 0; i < 6; i++) assertThat(breaker.permits()).isTrue();
    breaker.failed(4, false);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    clock.pass(Duration.ofMillis(15_001));
    assertThat(breaker.permits()).isTrue();
    assertThat(breaker.probes()).isTrue();
    breaker.released(false);
    assertThat(breaker.permits()).isFalse();
    breaker.failed(1, false);
    assertThat(breaker.permits()).isFalse();
    assertThat(breaker.blocks()).isFalse();
    breaker.succeeded(false);
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    breaker.succeeded(true);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aProbeThatFailsOpensItForAsLongAgain() {
    breaker.failed(4, false);
    clock.pass(Duration.ofMillis(15_001));
    assertThat(breaker.permits()).isTrue();
    breaker.failed(1, breaker.probes());
    assertThat(breaker.blocks()).isTrue();
    assertThat(breaker.left()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void countsALongRowOfSuccessesAsTheWindowWould() {
    for (int i = 0; i < 100; i++) breaker.succeeded(false);
    breaker.failed(15, false);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    for (int i = 0; i < 100; i++) breaker.succeeded(false);
    assertThat(breaker.knowsFailures()).isFalse();
    breaker.failed(16, false);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    breaker.reset();
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    breaker.failed(4, false);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  /** Stands still until it is told. */
  static final class Ticking extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}

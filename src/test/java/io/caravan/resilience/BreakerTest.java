package io.caravan.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.settings.Configuration;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BreakerTest {

  private static final BreakerSettings SETTINGS =
      new BreakerSettings(true, Duration.ofSeconds(15), Duration.ofSeconds(15), 80, 4);

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
  void opensByDefaultAtNineFailuresOfTen() throws IOException {
    var usual = new Breaker("a~m", settings(Map.of()), clock);
    for (int i = 0; i < 20; i++) usual.succeeded(false);
    usual.failed(17, false);
    assertThat(usual.state()).isEqualTo(State.CLOSED);
    usual.failed(1, false);
    assertThat(usual.state()).isEqualTo(State.OPEN);
  }

  @Test
  void isProbedSoonAtFirstAndThenLessAndLess() throws IOException {
    var growing = new Breaker("a~m", settings(Map.of()), clock);
    growing.failed(20, false);
    for (int seconds : new int[] {1, 2, 4, 8, 15, 15}) {
      assertThat(growing.left()).isEqualTo(Duration.ofSeconds(seconds));
      clock.pass(Duration.ofMillis(seconds * 1000 - 1));
      assertThat(growing.isOpen()).isTrue();
      assertThat(growing.permits()).isFalse();
      clock.pass(Duration.ofMillis(2));
      assertThat(growing.permits()).isTrue();
      assertThat(growing.permits()).as("while it is probed").isFalse();
      growing.failed(1, growing.probes());
    }
    clock.pass(Duration.ofMillis(15_001));
    assertThat(growing.permits()).isTrue();
    growing.succeeded(growing.probes());
    growing.failed(20, false);
    assertThat(growing.left()).as("after a success").isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void isOpenForAsLongAsConfiguredFromTheFirstTimeOn() throws IOException {
    var configured = settings(Map.of("caravan.breaker.open-sec", "15"));
    var fixed = new Breaker("a~m", configured, clock);
    fixed.failed(20, false);
    assertThat(fixed.left()).isEqualTo(Duration.ofSeconds(15));
  }

  private static BreakerSettings settings(Map<String, String> options) throws IOException {
    return BreakerSettings.of(Configuration.load(null, Map.of(), options));
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

  @Test
  void aProbeClosesItHoweverManyAnswersEndedWhileItWasOpen() {
    breaker.failed(20, false);
    for (int i = 0; i < 100; i++) breaker.succeeded(false); // begun before it opened
    clock.pass(Duration.ofMillis(15_001));
    assertThat(breaker.permits()).isTrue();
    assertThat(breaker.probes()).isTrue();
    breaker.succeeded(true);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    for (int i = 0; i < 20; i++) breaker.succeeded(false);
    breaker.failed(15, false);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
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

package io.caravan.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.catalog.Service;
import io.caravan.routing.Loads;
import io.caravan.routing.Target;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When the breaker hears how an attempt went. */
class AttemptTest {

  private static final Fault BROKEN = Fault.of(Fault.Kind.BAD_ANSWER);
  private static final Fault SILENT = Fault.of(Fault.Kind.TIMEOUT);
  private static final Service SERVICE =
      new Service("s", null, List.of("http://h"), null, Map.of(), null, true, true, "direct:s");

  private final BreakerTest.Ticking clock = new BreakerTest.Ticking();
  private final Breaker breaker =
      new Breaker(
          "s~m",
          new BreakerSettings(true, Duration.ofSeconds(15), Duration.ofSeconds(15), 80, 20),
          clock);

  @Test
  void aBurstOfStreamsWithAFewFailuresLeavesItClosed() {
    for (int i = 0; i < 400; i++) {
      if (i % 10 == 0) attempt().failed(Fault.of(Fault.Kind.SERVER_ERROR), false);
      else attempt().answered(); // and its end is far away
      assertThat(breaker.state()).isEqualTo(State.CLOSED);
    }
  }

  @Test
  void streamsThatAllBreakOffOpenIt() {
    for (int i = 0; i < 20; i++) {
      assertThat(breaker.state()).isEqualTo(State.CLOSED);
      brokenStream();
    }
    assertThat(breaker.state()).isNotEqualTo(State.CLOSED);
  }

  @Test
  void streamsThatEndOutweighThoseThatBreakOff() {
    for (int i = 0; i < 100; i++) {
      if (i % 2 == 0) brokenStream();
      else {
        var attempt = attempt();
        attempt.answered();
        attempt.succeeded();
      }
    }
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  /** Streams that break off end sooner than those that do not, so they come first in a burst. */
  @Test
  void aBurstOfStreamsOfWhichSomeBreakOffLeavesItClosed() {
    var running = new ArrayList<Attempt>();
    for (int i = 0; i < 200; i++) {
      running.add(attempt());
      running.get(i).answered();
    }
    for (int i = 0; i < 40; i++) running.remove(0).failed(BROKEN, true);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    running.forEach(Attempt::succeeded);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aBurstOfStreamsThatAllBreakOffOpensIt() {
    var running = new ArrayList<Attempt>();
    for (int i = 0; i < 200; i++) {
      running.add(attempt());
      running.get(i).answered();
    }
    running.forEach(each -> each.failed(BROKEN, true));
    assertThat(breaker.state()).isNotEqualTo(State.CLOSED);
  }

  /** The good ones are over when the others have been silent for long enough. */
  @ParameterizedTest
  @CsvSource({"103, 8", "100, 10", "2000, 200"})
  void aBurstOfStreamsOfWhichSomeFallSilentLeavesItClosed(int streams, int silent) {
    var running = new ArrayList<Attempt>();
    for (int i = 0; i < streams; i++) {
      running.add(attempt());
      running.get(i).answered();
    }
    for (int i = silent; i < streams; i++) running.get(i).succeeded();
    for (int i = 0; i < silent; i++) running.get(i).failed(SILENT, true);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void aBurstOfWhichSomeNeverBeginLeavesItClosed() {
    var silent = new ArrayList<Attempt>();
    for (int i = 0; i < 10; i++) silent.add(attempt());
    for (int i = 0; i < 90; i++) attempt().answered();
    silent.forEach(each -> each.failed(SILENT, true));
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void fiveSilencesThatNothingAnswersMeanwhileOpenIt() {
    for (int i = 0; i < 4; i++) attempt().failed(SILENT, true);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    attempt().failed(SILENT, true);
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  @Test
  void aProbeDecidesWithItsFirstContentAndOnlyOnce() {
    breaker.failed(20, false);
    clock.pass(Duration.ofMillis(15_001));
    var left = attempt();
    assertThat(breaker.permits()).isFalse();
    left.abandoned();
    left.answered();
    assertThat(breaker.state()).isEqualTo(State.HALF_OPEN);
    var probe = attempt();
    probe.answered();
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    probe.failed(BROKEN, true);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  private void brokenStream() {
    var attempt = attempt();
    attempt.answered();
    attempt.failed(BROKEN, true);
  }

  private Attempt attempt() {
    assertThat(breaker.permits()).isTrue();
    var gate = new Gate(1, 0);
    gate.enter();
    return new Attempt(
        new Target(SERVICE, "http://h", "m", null, null), breaker, gate, new Loads(clock));
  }
}

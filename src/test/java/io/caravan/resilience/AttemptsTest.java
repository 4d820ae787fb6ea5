package io.caravan.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.catalog.Service;
import io.caravan.json.Json;
import io.caravan.resilience.Rules.Recovery;
import io.caravan.routing.Loads;
import io.caravan.routing.Target;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttemptsTest {

  private static final Rules RULES =
      new Rules(5, Duration.ofSeconds(10), null, null, Recovery.CONTINUE, List.of());
  private static final Service SERVICE =
      new Service("s", null, List.of("http://h"), null, Map.of(), null, true, true, "direct:s");

  private final Target first = Target.of(SERVICE, "m");
  private final Attempts attempts = new Attempts(List.of(first, Target.of(SERVICE, "n")), 9);

  @Test
  void aTargetIsTriedAsOftenAsIsConfigured() {
    assertThat(attempts.standing(RULES).maxHere()).isEqualTo(5);
    attempts.again(Duration.ofSeconds(4));
    assertThat(attempts.standing(RULES).budget()).isEqualTo(Duration.ofSeconds(6));
  }

  @Test
  void inMidSentenceATargetIsTriedOnceMoreAndSoon() {
    var settings = new BreakerSettings(true, Duration.ofSeconds(1), Duration.ofSeconds(15), 80, 20);
    var clock = new BreakerTest.Ticking();
    var breaker = new Breaker("s~m", settings, clock);
    attempts.begins(new Attempt(first, breaker, new Gate(1, 1), new Loads(clock)));
    var resumption = new Resumption(Json.object(), "one two", Recovery.CONTINUE);
    var standing = attempts.resuming(resumption).standing(RULES);
    assertThat(standing.maxHere()).isEqualTo(2);
    assertThat(standing.budget()).isEqualTo(Duration.ofSeconds(1));
  }
}

package io.caravan.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.catalog.Service;
import io.caravan.routing.Target;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BreakersTest {

  private static final Service SERVICE =
      new Service("s", null, List.of("http://h"), null, Map.of(), null, true, true, "direct:s");

  @Test
  void inventedNamesDoNotUseTheBoundUp() throws IOException {
    var breakers = new Breakers(Configuration.load(null, Map.of(), Map.of()), Clock.systemUTC());
    var failing = breakers.of(target("failing"));
    failing.failed(1, false);
    var busy = breakers.of(target("busy"));
    assertThat(busy.permits()).isTrue();
    for (int i = 0; i < 5000; i++) {
      var invented = breakers.of(target("invented-" + i));
      assertThat(invented.permits()).isTrue();
      invented.succeeded(false);
      invented.leaves();
    }
    assertThat(breakers.states()).hasSizeLessThanOrEqualTo(1000).doesNotContainKey("s");
    assertThat(breakers.of(target("failing"))).isSameAs(failing);
    assertThat(breakers.of(target("busy"))).isSameAs(busy);
    assertThat(breakers.states()).containsKey("s~invented-4999").doesNotContainKey("s~invented-1");
  }

  @Test
  void namesThatFailedMakePlaceForOthersUnlessTheyAreHeldBack() throws IOException {
    var breakers = new Breakers(Configuration.load(null, Map.of(), Map.of()), Clock.systemUTC());
    var open = breakers.of(target("open"));
    open.failed(20, false);
    var resting = breakers.of(target("resting"));
    resting.rest().begin(Duration.ofMinutes(1));
    for (int i = 0; i < 3000; i++) {
      var invented = breakers.of(target("invented-" + i));
      assertThat(invented.permits()).isTrue();
      invented.failed(1, false);
      invented.leaves();
    }
    assertThat(breakers.states()).hasSizeLessThanOrEqualTo(1000).doesNotContainKey("s");
    assertThat(breakers.of(target("open"))).isSameAs(open);
    assertThat(breakers.of(target("resting"))).isSameAs(resting);
    assertThat(breakers.states()).containsKey("s~invented-2999");
  }

  private static Target target(String model) {
    return new Target(SERVICE, "http://h", model, null, null);
  }
}

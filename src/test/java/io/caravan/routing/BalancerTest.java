package io.caravan.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.catalog.Catalog;
import io.caravan.catalog.Providers;
import io.caravan.catalog.Services;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** In which order the targets of an alias come. */
class BalancerTest {

  private final Map<String, String> settings = new LinkedHashMap<>();
  private Instant now = Instant.EPOCH;
  private final InstantSource source = () -> now;
  private final Loads loads = new Loads(source.withZone(ZoneOffset.UTC));

  @Test
  void failoverKeepsTheOrder() throws IOException {
    assertThat(order(choice("failover"))).containsExactly("a~m", "b~m", "c~m");
  }

  @Test
  void roundRobinTakesTurns() throws IOException {
    var choice = choice("round-robin");
    assertThat(order(choice)).containsExactly("a~m", "b~m", "c~m");
    assertThat(order(choice)).containsExactly("b~m", "c~m", "a~m");
    assertThat(order(choice)).containsExactly("c~m", "a~m", "b~m");
  }

  @Test
  void weightedFollowsTheWeights() throws IOException {
    settings.put("caravan.model.x.weights", "6, 3, 0");
    var choice = choice("weighted");
    var first = new HashMap<String, Integer>();
    for (int i = 0; i < 9000; i++) first.merge(order(choice).get(0), 1, Integer::sum);
    assertThat(first.get("a~m")).isBetween(5800, 6200);
    assertThat(first.get("b~m")).isBetween(2800, 3200);
    assertThat(first).doesNotContainKey("c~m");
  }

  @Test
  void leastBusyPrefersTheIdle() throws IOException {
    var choice = choice("least-busy");
    var targets = choice.targetsFor("x");
    loads.begins(targets.get(0));
    loads.begins(targets.get(0));
    loads.begins(targets.get(1));
    assertThat(order(choice))
        .containsExactly(
            targets.get(2).unifiedName(),
            targets.get(1).unifiedName(),
            targets.get(0).unifiedName());
    loads.ends(targets.get(0));
    loads.ends(targets.get(0));
    assertThat(loads.inFlight(targets.get(0))).isZero();
  }

  @Test
  void lowestLatencyPrefersTheQuickAndTriesTheUnknown() throws IOException {
    var choice = choice("lowest-latency");
    var targets = targets(choice);
    for (int i = 0; i < 20; i++) {
      loads.answered(targets.get(0), Duration.ofMillis(300));
      loads.answered(targets.get(1), Duration.ofMillis(100));
    }
    assertThat(order(choice)).containsExactly("c~m", "b~m", "a~m");
    assertThat(order(choice)).as("one call at a time").containsExactly("b~m", "a~m", "c~m");
    loads.answered(targets.get(2), Duration.ofMillis(200));
    for (int i = 0; i < 20; i++) loads.answered(targets.get(1), Duration.ofMillis(900));
    assertThat(order(choice)).containsExactly("c~m", "a~m", "b~m");
  }

  @Test
  void lowestLatencyAsksEachUnknownTargetOnce() throws IOException {
    var choice = choice("lowest-latency");
    assertThat(order(choice)).startsWith("a~m");
    assertThat(order(choice)).startsWith("b~m");
    assertThat(order(choice)).startsWith("c~m");
    assertThat(order(choice)).containsExactly("a~m", "b~m", "c~m");
    assertThat(order(choice)).containsExactly("a~m", "b~m", "c~m");
  }

  @Test
  void aTargetThatWasSlowOnceIsTriedAgain() throws IOException {
    var choice = choice("lowest-latency");
    var targets = targets(choice);
    loads.answered(targets.get(0), Duration.ofSeconds(20));
    loads.answered(targets.get(1), Duration.ofMillis(300));
    loads.answered(targets.get(2), Duration.ofMillis(400));
    assertThat(order(choice)).containsExactly("b~m", "c~m", "a~m");
    pass(29);
    loads.answered(targets.get(1), Duration.ofMillis(300));
    loads.answered(targets.get(2), Duration.ofMillis(400));
    assertThat(order(choice)).startsWith("b~m");
    pass(1);
    assertThat(order(choice)).containsExactly("a~m", "b~m", "c~m");
    assertThat(order(choice)).as("one call at a time").startsWith("b~m");
    loads.answered(targets.get(0), Duration.ofMillis(50));
    assertThat(order(choice)).containsExactly("a~m", "b~m", "c~m");
  }

  @Test
  void aTargetThatStaysSlowIsTriedLessAndLess() throws IOException {
    var choice = choice("lowest-latency");
    var targets = targets(choice);
    int tries = 0;
    for (int second = 0; second < 3600; second++) {
      loads.answered(targets.get(1), Duration.ofMillis(300));
      loads.answered(targets.get(2), Duration.ofMillis(400));
      if (order(choice).get(0).equals("a~m")) {
        tries++;
        loads.answered(targets.get(0), Duration.ofSeconds(20));
      }
      pass(1);
    }
    assertThat(tries).isBetween(6, 12);
  }

  @Test
  void aFailureCountsAsSlow() throws IOException {
    var choice = choice("lowest-latency");
    var targets = targets(choice);
    for (var target : targets) loads.answered(target, Duration.ofMillis(100));
    loads.answered(targets.get(0), Duration.ofMillis(50));
    assertThat(order(choice)).containsExactly("a~m", "b~m", "c~m");
    loads.failed(targets.get(0), Duration.ofMillis(1));
    assertThat(order(choice)).containsExactly("b~m", "c~m", "a~m");
    for (int i = 0; i < 100; i++) {
      loads.failed(targets.get(1), Duration.ofSeconds(15));
      loads.answered(targets.get(2), Duration.ofSeconds(5));
    }
    assertThat(order(choice)).containsExactly("a~m", "c~m", "b~m");
  }

  @Test
  void cheapestFollowsThePrices() throws IOException {
    settings.put("caravan.model.x.prices", "2, 0.5");
    assertThat(order(choice("cheapest"))).containsExactly("b~m", "a~m", "c~m");
  }

  @Test
  void theUrlsOfAServiceShareItsCalls() throws IOException {
    settings.put("caravan.service.a.urls", "http://127.0.0.1:1,http://127.0.0.1:2");
    var choice = choice("failover");
    var first = choice.targetsFor("a~m");
    assertThat(first).extracting(Target::key).containsExactlyInAnyOrder("a~m", "a~m@2");
    loads.begins(first.get(0));
    for (int i = 0; i < 3; i++) {
      assertThat(choice.targetsFor("a~m").get(0).url()).isEqualTo(first.get(1).url());
    }
  }

  @Test
  void whatIsLeftOfAServiceIsSortedByItsCallsNow() throws IOException {
    settings.put("caravan.service.a.urls", "http://127.0.0.1:1,http://127.0.0.1:2");
    var choice = choice("failover");
    var targets = new ArrayList<>(choice.targetsFor("x"));
    var first = targets.get(0);
    loads.begins(first);
    loads.freestFirst(targets);
    assertThat(targets.get(1)).isEqualTo(first);
    assertThat(targets).extracting(Target::unifiedName).containsExactly("a~m", "a~m", "b~m", "c~m");
    loads.freestFirst(targets.subList(1, 4));
    assertThat(targets.get(1)).isEqualTo(first);
  }

  @Test
  void saysWhichStrategiesThereAre() {
    assertThatThrownBy(() -> choice("fastest"))
        .hasMessageContaining("caravan.model.x.strategy")
        .hasMessageContaining("lowest-latency");
    settings.put("caravan.model.x.weights", "-1");
    assertThatThrownBy(() -> choice("weighted")).hasMessageContaining("caravan.model.x.weights");
  }

  private void pass(long seconds) {
    now = now.plusSeconds(seconds);
  }

  /** As they are listed, without asking for an order. */
  private static List<Target> targets(TargetChoice choice) {
    return Stream.of("a~m", "b~m", "c~m")
        .flatMap(name -> choice.targetsFor(name).stream())
        .toList();
  }

  private static List<String> order(TargetChoice choice) {
    return choice.targetsFor("x").stream().map(Target::unifiedName).toList();
  }

  private TargetChoice choice(String strategy) throws IOException {
    for (var name : List.of("a", "b", "c")) {
      settings.putIfAbsent("caravan.service." + name + ".provider", "openai-compatible");
      settings.putIfAbsent("caravan.service." + name + ".urls", "http://127.0.0.1:1");
    }
    settings.put("caravan.model.x.targets", "a~m, b~m, c~m");
    settings.put("caravan.model.x.strategy", strategy);
    var configuration = Configuration.load(null, Map.of(), settings);
    var services = Services.from(configuration, new Providers(List.of()), Map.of());
    var random = new Random(7);
    return new TargetChoice(
        new Catalog(services, Clock.systemUTC(), java.time.Duration.ofSeconds(30)),
        Names.of(configuration),
        loads,
        () -> random);
  }
}

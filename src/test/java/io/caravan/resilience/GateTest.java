package io.caravan.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class GateTest {

  private final List<String> admitted = new ArrayList<>();

  @Test
  void admitsInTheOrderOfComing() {
    var gate = new Gate(1, 3);
    assertThat(gate.enter()).isTrue();
    assertThat(gate.enter()).isFalse();
    for (var name : List.of("a", "b", "c")) {
      assertThat(gate.line(() -> admitted.add(name))).isTrue();
    }
    assertThat(gate.line(() -> admitted.add("d"))).isFalse();
    gate.leave();
    gate.leave();
    assertThat(admitted).containsExactly("a", "b");
    assertThat(gate.waiting()).isEqualTo(1);
  }

  @Test
  void placesThatAreAddedGoToThoseWhoWaitAndFewerPlacesEmptyByAndBy() {
    var gate = new Gate(1, 5);
    gate.enter();
    for (var name : List.of("a", "b", "c")) gate.line(() -> admitted.add(name));
    gate.resize(3, 5);
    assertThat(admitted).containsExactly("a", "b");
    gate.resize(1, 5);
    gate.leave();
    gate.leave();
    assertThat(admitted).as("two places too many").containsExactly("a", "b");
    assertThat(gate.inside()).isEqualTo(1);
    gate.leave();
    assertThat(admitted).containsExactly("a", "b", "c");
  }

  @Test
  void nobodyPassesThoseWhoWait() {
    var gate = new Gate(1, 3);
    gate.enter();
    gate.line(() -> admitted.add("a"));
    assertThat(gate.enter()).isFalse();
  }

  @Test
  void whoGivesUpIsPassedOver() {
    var gate = new Gate(1, 3);
    gate.enter();
    Runnable leaver = () -> admitted.add("a");
    gate.line(leaver);
    gate.line(() -> admitted.add("b"));
    assertThat(gate.giveUp(leaver)).isTrue();
    assertThat(gate.giveUp(leaver)).isFalse();
    gate.leave();
    gate.leave();
    assertThat(admitted).containsExactly("b");
    assertThat(gate.inside()).isZero();
  }

  @Test
  void neverHasMoreInsideThanPlaces() throws InterruptedException {
    int calls = 5000;
    var gate = new Gate(7, calls);
    var most = new AtomicInteger();
    var done = new CountDownLatch(calls);
    var pool = Executors.newFixedThreadPool(4);
    Runnable work =
        () -> {
          most.accumulateAndGet(gate.inside(), Math::max);
          pool.execute(
              () -> {
                gate.leave();
                done.countDown();
              });
        };
    for (int i = 0; i < calls; i++) pool.execute(() -> gate.line(() -> work.run()));
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    pool.shutdown();
    assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    assertThat(most.get()).isBetween(1, 7);
    assertThat(gate.inside()).isZero();
    assertThat(gate.waiting()).isZero();
  }
}

package io.caravan.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.edge.CallListener.Figures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class UncountedTest {

  private final LongAdder bytes = new LongAdder();
  private final LongAdder looks = new LongAdder();
  private final Uncounted uncounted =
      new Uncounted(looks::increment, call -> bytes.add(call.figures().bytes()));

  @Test
  void countsWhatIsThereWhenAsked() {
    uncounted.add(call(3));
    uncounted.add(call(4));
    uncounted.count();
    uncounted.count();
    assertThat(bytes.sum()).isEqualTo(7);
  }

  @Test
  void countsManyWithoutBeingAsked() {
    for (int i = 0; i < 1000; i++) uncounted.add(call(1));
    assertThat(bytes.sum()).isBetween(900L, 1000L);
    assertThat(looks.sum()).isBetween(1L, 100L);
  }

  @Test
  void countsEachCallOnceWhateverThreadItEndsOn() throws Exception {
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < 100; i++) {
      threads.add(
          new Thread(
              () -> {
                for (int k = 0; k < 101; k++) uncounted.add(call(1));
              }));
    }
    threads.forEach(Thread::start);
    while (threads.stream().anyMatch(Thread::isAlive)) uncounted.count();
    for (var thread : threads) thread.join();
    uncounted.count();
    assertThat(bytes.sum()).isEqualTo(100 * 101);
  }

  @Test
  void aCallThatCannotBeCountedIsNotTriedAgain() {
    var tried = new LongAdder();
    var failing =
        new Uncounted(
            () -> {},
            call -> {
              tried.increment();
              throw new IllegalStateException("no such meter");
            });
    failing.add(call(1));
    assertThatThrownBy(failing::count).isInstanceOf(IllegalStateException.class);
    failing.count();
    assertThat(tried.sum()).isEqualTo(1);
  }

  private static CallRecord call(long bytes) {
    var figures = new Figures("chat-completions", 200, bytes, Duration.ofMillis(5));
    return new CallRecord(
        figures, "id", "local", "chat", "a~m", null, null, null, -1, -1, List.of(), null);
  }
}

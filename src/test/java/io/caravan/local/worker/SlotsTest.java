package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.errors.GatewayException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SlotsTest {

  private final BlockingQueue<Boolean> signals = new LinkedBlockingQueue<>();

  @Test
  void tooManyAreRefusedAndBusyIsToldOnceAtEachChange() throws InterruptedException {
    var slots = new Slots(1, 1, Duration.ofMinutes(1), signals::add);
    var running = new Blocking();
    var waiting = new Blocking();
    slots.submit(running);
    running.begun.await();
    slots.submit(waiting);
    assertThatThrownBy(() -> slots.submit(new Blocking()))
        .isInstanceOf(GatewayException.Unavailable.class)
        .hasMessage(
            "All 1 slots of this model are busy and 1 requests wait for one, as many as may.");
    running.end.countDown();
    waiting.begun.await();
    waiting.end.countDown();
    assertThat(List.of(signals.take(), signals.take())).containsExactly(true, false);
    assertThat(signals).isEmpty();
  }

  @Test
  void waitingHasADeadline() throws InterruptedException {
    var slots = new Slots(1, 4, Duration.ofMillis(20), signals::add);
    var running = new Blocking();
    slots.submit(running);
    running.begun.await();
    var late = new Blocking();
    slots.submit(late);
    assertThat(late.refused.orTimeout(5, TimeUnit.SECONDS).join())
        .hasMessageContaining("number 1 of 1 in the queue");
    running.end.countDown();
    assertThat(late.begun.getCount()).isOne();
  }

  @Test
  void whoGivesUpIsNotRun() throws InterruptedException {
    var slots = new Slots(1, 4, Duration.ofMinutes(1), signals::add);
    var running = new Blocking();
    slots.submit(running);
    running.begun.await();
    var gone = new Blocking();
    slots.submit(gone).giveUp();
    assertThat(gone.refused.join()).isInstanceOf(GatewayException.Cancelled.class);
    running.end.countDown();
    assertThat(List.of(signals.take(), signals.take())).containsExactly(true, false);
    assertThat(gone.begun.getCount()).isOne();
  }

  @Test
  void closingEndsWhatRunsAndRefusesTheRest() throws InterruptedException {
    var slots = new Slots(1, 4, Duration.ofMinutes(1), signals::add);
    var running = new Blocking();
    slots.submit(running);
    running.begun.await();
    slots.close();
    assertThatThrownBy(() -> slots.submit(new Blocking()))
        .hasMessage("The model is being unloaded.");
    slots.cancelAll(Duration.ofSeconds(10));
    assertThat(List.of(signals.take(), signals.take())).containsExactly(true, false);
  }

  private static final class Blocking implements Work {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch end = new CountDownLatch(1);
    final CompletableFuture<GatewayException> refused = new CompletableFuture<>();

    @Override
    public void run() {
      begun.countDown();
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void cancel(GatewayException reason) {
      end.countDown();
    }

    @Override
    public void refused(GatewayException reason) {
      refused.complete(reason);
    }
  }
}

package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.errors.GatewayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who waits for a slot of a loaded model; the fake one has a single slot. */
class SlotQueueTest {

  @TempDir Path folder;

  private final FakeWorkers workers = new FakeWorkers();
  private final Ticking clock = new Ticking();
  private LocalModels models;

  @BeforeEach
  void loadOne() throws IOException {
    Files.copy(Path.of("models/tinyembed-f16.gguf"), folder.resolve("a-f16.gguf"));
    var limits =
        new Limits(
            Duration.ofMinutes(1), 1, 3, Duration.ofMinutes(1), Duration.ofSeconds(30), 0, 8);
    models =
        new LocalModels(
            new ModelFolders(List.of(folder), false, clock),
            limits,
            workers,
            Memory.UNLIMITED,
            clock,
            FakeWorkers.AT_ONCE);
    models.start("a");
    workers.last().isReady();
  }

  @Test
  void slotsAreHandedOnInOrder() {
    var first = lease();
    var second = lease();
    var third = lease();
    assertThat(first.slot().join()).isTrue();
    assertThat(second.slot()).isNotDone();
    assertThat(models.admission().waiting()).isEqualTo(2);
    first.release();
    first.release();
    assertThat(second.slot().join()).isTrue();
    assertThat(third.slot()).isNotDone();
    second.release();
    assertThat(third.slot().join()).isTrue();
    assertThat(models.admission().waiting()).isZero();
  }

  @Test
  void whoLeavesTheQueueLeavesTheSlotToOthers() {
    var first = lease();
    var gone = lease();
    var third = lease();
    gone.slot().completeExceptionally(new GatewayException.Cancelled());
    gone.release();
    first.release();
    assertThat(third.slot().join()).isTrue();
    third.release();
    assertThat(lease().slot()).isDone();
  }

  @Test
  void whoLeavesJustAsTheSlotComesGivesItBack() {
    var first = lease();
    var gone = lease();
    gone.slot().completeExceptionally(new GatewayException.Cancelled());
    first.release();
    gone.release();
    assertThat(lease().slot().join()).isTrue();
  }

  @Test
  void theQueueIsBoundedAndTellsThePlace() {
    for (int i = 0; i < 4; i++) lease();
    assertThatThrownBy(lease().slot()::join)
        .cause()
        .isInstanceOf(GatewayException.Unavailable.class)
        .hasMessageContaining("All 1 slots of the model `a` are busy and 3 requests wait for one")
        .hasMessageContaining("this would be number 4");
  }

  @Test
  void waitingEndsWithThePlaceInTheQueue() {
    lease();
    var second = lease();
    clock.advance(Duration.ofSeconds(30));
    var third = lease();
    clock.advance(Duration.ofSeconds(31));
    models.tick();
    assertThatThrownBy(second.slot()::join)
        .hasMessageContaining("The request waited 60 s and is number 1 of 2 in the queue");
    assertThat(third.slot()).isNotDone();
  }

  @Test
  void tokensAreAskedForBesideTheSlots() {
    lease();
    assertThat(models.use("a", Claim.ASIDE).join().slot().join()).isTrue();
  }

  @Test
  void whoWaitsForASlotOfAModelThatDiesAsksAnew() {
    lease();
    var waiting = lease();
    workers.last().exited.complete(137);
    assertThat(waiting.slot().join()).isFalse();
  }

  private Lease lease() {
    return models.use("a").join();
  }
}

package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.errors.GatewayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who waits for a model, for how long, and which model has to make room. */
class AdmissionTest {

  @TempDir Path folder;

  private final FakeWorkers workers = new FakeWorkers();
  private final Ticking clock = new Ticking();
  private long free = Long.MAX_VALUE / 2;
  private long total = Long.MAX_VALUE / 2;
  private LocalModels models;

  @BeforeEach
  void makeModels() throws IOException {
    for (var name : List.of("a", "b", "c")) {
      Files.copy(Path.of("models/tinyembed-f16.gguf"), folder.resolve(name + "-f16.gguf"));
    }
    models = models(1);
  }

  @Test
  void aBusyModelIsNotEndedButTakesNoMoreRequestsWhileAnotherWaits() {
    var first = ready("a");
    var other = models.use("b");
    var second = models.use("a");
    assertThat(workers.launched).hasSize(1);
    assertThat(workers.launched.get(0).exited).isNotDone();
    first.release();
    assertThat(workers.launched).hasSize(2);
    workers.last().isReady();
    other.join().release();
    workers.last().isReady();
    assertThat(second.join().model().name()).isEqualTo("a");
    assertThat(workers.launched).hasSize(3);
  }

  @Test
  void anotherModelThatIsIdleMakesRoomForTheBusyOnes() {
    models = models(2);
    ready("a");
    ready("b").release();
    var third = models.use("c");
    workers.last().isReady();
    assertThat(third.join().model().name()).isEqualTo("c");
    assertThat(workers.launched.get(0).exited).isNotDone();
    assertThat(workers.launched.get(1).exited).isDone();
  }

  @Test
  void tenClientsThatSwitchBetweenThreeModelsAreAllServed() {
    models = models(1, 20);
    var served = new ArrayList<CompletableFuture<Void>>();
    for (int i = 0; i < 10; i++) {
      served.add(models.use(List.of("a", "b", "c").get(i % 3)).thenAccept(Lease::release));
    }
    for (int round = 0; round < 3; round++) {
      workers.last().isReady();
      for (int i = round; i < 10; i += 3) served.get(i).join();
    }
    CompletableFuture.allOf(served.toArray(CompletableFuture[]::new)).join();
    assertThat(workers.launched).hasSize(3);
  }

  @Test
  void waitingEndsWithThePlaceInTheQueue() {
    ready("a");
    var second = models.use("b");
    var third = models.use("c");
    clock.advance(Duration.ofSeconds(61));
    models.tick();
    assertThatThrownBy(second::join)
        .cause()
        .isInstanceOf(GatewayException.Unavailable.class)
        .hasMessageContaining("waited 60 s and is number 1 of 2 in the queue");
    assertThatThrownBy(third::join).hasMessageContaining("number 1 of 1");
    assertThat(models.use("a").join().model().name()).isEqualTo("a");
  }

  @Test
  void loadingMayTakeLongerThanWaitingForRoom() {
    var loading = models.use("a");
    clock.advance(Duration.ofMinutes(10));
    models.tick();
    workers.last().isReady();
    assertThat(loading.join()).isNotNull();
  }

  @Test
  void theQueueIsBounded() {
    for (int i = 0; i < 4; i++) models.use("a");
    assertThatThrownBy(() -> models.use("a").join())
        .hasMessageContaining("4 requests wait, this would be number 5");
  }

  @Test
  void whoLeavesTheQueueTakesNoPlaceAndNoModel() {
    var left = models.use("a");
    for (int i = 0; i < 3; i++) models.use("a");
    left.cancel(true);
    var stays = models.use("a");
    workers.last().isReady();
    stays.join().release();
    assertThat(stays).isNotCompletedExceptionally();
  }

  @Test
  void aModelThatNobodyUsesIsUnloaded() {
    var lease = ready("a");
    clock.advance(Duration.ofSeconds(31));
    models.tick();
    assertThat(workers.last().exited).isNotDone();
    lease.release();
    clock.advance(Duration.ofSeconds(29));
    models.tick();
    assertThat(workers.last().exited).isNotDone();
    clock.advance(Duration.ofSeconds(2));
    models.tick();
    assertThat(workers.last().exited).isDone();
  }

  @Test
  void aLoadCanBeCancelled() {
    var loading = models.use("a");
    models.unload("a");
    assertThat(workers.last().exited).isDone();
    assertThatThrownBy(loading::join).hasMessageContaining("was unloaded while");
    assertThat(models.find("a").orElseThrow().state()).isEqualTo(LocalModel.State.NOT_LOADED);
  }

  @Test
  void whoLeavesAsTheOnlyOneEndsTheLoading() {
    models.use("a").completeExceptionally(new GatewayException.Cancelled());
    assertThat(workers.last().exited).isDone();
    var first = models.use("a");
    var second = models.use("a");
    first.completeExceptionally(new GatewayException.Cancelled());
    workers.last().isReady();
    assertThat(second.join().model().name()).isEqualTo("a");
  }

  @Test
  void whoGivesUpACommandEndsTheLoadingUnlessSomebodyWaits() {
    models.use("a");
    models
        .load("a", LoadOptions.CONFIGURED)
        .completeExceptionally(new GatewayException.Cancelled());
    assertThat(workers.last().exited).isNotDone();
    models.unload("a");
    models
        .load("a", LoadOptions.CONFIGURED)
        .completeExceptionally(new GatewayException.Cancelled());
    assertThat(workers.launched).hasSize(2);
    assertThat(workers.last().exited).isDone();
  }

  @Test
  void anUnloadedModelServesWhatItHasFirst() {
    var lease = ready("a");
    var gone = models.unload("a").toCompletableFuture();
    assertThat(gone).isNotDone();
    lease.release();
    assertThat(gone).isDone();
  }

  @Test
  void anotherContextLoadsTheModelAgain() {
    ready("a").release();
    models.load("a", new LoadOptions(128, 0));
    assertThat(workers.launched).hasSize(2);
    assertThat(workers.last().options.context()).isEqualTo(128);
    workers.last().isReady();
    models.use("a").join().release();
    assertThat(workers.launched).hasSize(2);
  }

  @Test
  void aLoadWithoutAContextIsWithTheConfiguredOne() {
    models.load("a", new LoadOptions(128, 0));
    workers.last().isReady();
    models.load("a", LoadOptions.CONFIGURED);
    assertThat(workers.launched).hasSize(2);
    assertThat(workers.last().options.context()).isZero();
  }

  @Test
  void aContextOutlivesACrashButNotAnotherModel() {
    models.load("a", new LoadOptions(128, 0));
    workers.last().isReady();
    models.use("a").join().release();
    workers.last().exited.complete(137);
    var next = models.use("a");
    assertThat(workers.last().options.context()).isEqualTo(128);
    workers.last().isReady();
    next.join().release();
    models.unload("a");
    models.use("a");
    assertThat(workers.launched).hasSize(3);
    assertThat(workers.last().options.context()).isZero();
  }

  @Test
  void anotherContextWaitsForThoseWhoCameBefore() {
    var first = models.start("a").toCompletableFuture();
    var second = models.load("a", new LoadOptions(128, 0));
    workers.last().isReady();
    assertThat(first.join()).isNotNull();
    assertThat(workers.launched).hasSize(2);
    workers.last().isReady();
    assertThat(second.join().model().name()).isEqualTo("a");
  }

  @Test
  void aModelThatDoesNotFitIsRefusedWithFigures() {
    workers.bytesNeeded = 3L << 30;
    free = 2L << 30;
    total = 8L << 30;
    assertThatThrownBy(() -> models.use("a").join())
        .cause()
        .isInstanceOf(GatewayException.Unavailable.class)
        .hasMessageContaining("needs about 3.0 GB of memory, and 2.0 GB of 8.0 GB are free");
    total = 2L << 30;
    assertThatThrownBy(() -> models.use("a").join())
        .cause()
        .isInstanceOf(GatewayException.InvalidRequest.class);
    assertThat(workers.launched).isEmpty();
  }

  @Test
  void anIdleModelMakesRoomInMemoryToo() {
    models = models(3);
    workers.bytesNeeded = 3L << 30;
    ready("a").release();
    free = 1L << 30;
    total = 4L << 30;
    models.use("b");
    assertThat(workers.launched.get(0).exited).isDone();
  }

  @Test
  void theThreadsOfAllModelsTogetherLeaveACoreFree() {
    models = models(3);
    for (var name : List.of("a", "b", "c")) ready(name);
    assertThat(workers.launched)
        .extracting(fake -> fake.options.threads())
        .containsExactly(4, 2, 1);
  }

  @Test
  void theCoresAreNotPromisedTwiceEvenIfTheSettingSaysSo() {
    models = models(3, 4, 6);
    for (var name : List.of("a", "b")) ready(name);
    assertThat(workers.launched).extracting(fake -> fake.options.threads()).containsExactly(6, 1);
  }

  @Test
  void nobodyWhoAsksIsKeptWaitingByTheStartOfAProcess() {
    var later = new ArrayDeque<Runnable>();
    models = models(1, 4, 0, new Desk(later::add, later::add));
    var loading = models.use("a");
    assertThat(workers.launched).isEmpty();
    while (!later.isEmpty()) later.remove().run();
    workers.last().isReady();
    assertThat(loading.join().model().name()).isEqualTo("a");
  }

  @Test
  void aRequestThatFoundTheWorkerDeadMayGoToAnotherUnlessItWasTheCause() {
    var lease = ready("a");
    workers.last().working = true;
    workers.last().exited.complete(137);
    assertThat(lease.lostUntouched(false).toCompletableFuture().join()).isTrue();
    assertThat(lease.lostUntouched(true).toCompletableFuture().join()).isFalse();
  }

  @Test
  void aModelWhoseFileIsGoneGoesOnButIsNotLoadedAgain() throws IOException {
    ready("a").release();
    Files.delete(folder.resolve("a-f16.gguf"));
    models.use("a").join().release();
    workers.last().exited.complete(137);
    assertThatThrownBy(() -> models.use("a").join())
        .cause()
        .isInstanceOf(GatewayException.ModelNotFound.class);
  }

  private Lease ready(String name) {
    var lease = models.use(name);
    workers.last().isReady();
    return lease.join();
  }

  private LocalModels models(int loaded) {
    return models(loaded, 4);
  }

  private LocalModels models(int loaded, int waiting) {
    return models(loaded, waiting, 0);
  }

  private LocalModels models(int loaded, int waiting, int threads) {
    return models(loaded, waiting, threads, FakeWorkers.AT_ONCE);
  }

  private LocalModels models(int loaded, int waiting, int threads, Desk desk) {
    var limits =
        new Limits(
            Duration.ofMinutes(1),
            loaded,
            waiting,
            Duration.ofMinutes(1),
            Duration.ofSeconds(30),
            threads,
            8);
    var memory =
        new Memory() {
          @Override
          public long available() {
            return free;
          }

          @Override
          public long total() {
            return total;
          }
        };
    var folders = new ModelFolders(List.of(folder), false, clock);
    return new LocalModels(folders, limits, workers, memory, clock, desk);
  }
}

package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.errors.GatewayException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalModelsTest {

  @TempDir Path folder;

  private final FakeWorkers workers = new FakeWorkers();
  private final Ticking clock = new Ticking();
  private LocalModels models;

  @BeforeEach
  void makeModels() throws IOException {
    for (var name : List.of("a", "b", "c")) {
      Files.copy(Path.of("models/tinyembed-f16.gguf"), folder.resolve(name + "-f16.gguf"));
    }
    Files.writeString(folder.resolve("broken.gguf"), "no model");
    models = models(Duration.ofMinutes(1));
  }

  @Test
  void concurrentCallersShareOneStart() {
    var first = start("a");
    var second = start("a-f16");
    var third = start("a-f16.gguf");
    assertThat(state("a")).isEqualTo(LocalModel.State.LOADING);
    assertThat(first).isNotDone();
    workers.last().isReady();
    assertThat(workers.launched).hasSize(1);
    assertThat(List.of(first.join(), second.join(), third.join()))
        .allMatch(address -> address.url().equals("http://127.0.0.1:1"));
    assertThat(state("a")).isEqualTo(LocalModel.State.LOADED);
  }

  @Test
  void oneCallerCannotSpoilTheStartOfOthers() {
    var impatient = start("a");
    var patient = start("a");
    impatient.cancel(true);
    workers.last().isReady();
    assertThat(patient.join().secret()).isEqualTo("secret");
  }

  @Test
  void unknownAndRefusedModelsAreNotStarted() {
    assertFails(start("A"), GatewayException.ModelNotFound.class, "`A` does not exist");
    assertFails(
        start("broken"),
        GatewayException.InvalidRequest.class,
        "cannot be loaded: not a GGUF file");
    assertThat(workers.launched).isEmpty();
  }

  @Test
  void theWorkersOwnReasonReachesTheCaller() {
    var address = start("a");
    workers.last().ready.completeExceptionally(new GatewayException.Unavailable("too new", 5));
    workers.last().exited.complete(1);
    assertFails(address, GatewayException.Unavailable.class, "too new");
    assertThat(state("a")).isEqualTo(LocalModel.State.ERROR);
    assertThat(models.find("a").orElseThrow().error()).isEqualTo("too new");
  }

  @Test
  void aWorkerThatDiesWhileLoadingFailsItsCallers() {
    var address = start("a");
    workers.last().exited.complete(134);
    assertFails(address, GatewayException.Unavailable.class, "ended with status 134");
  }

  @Test
  void aFileThatEndsItsProcessTwiceIsNotTriedAgainUntilItChanges() throws IOException {
    for (int i = 0; i < 2; i++) {
      var address = start("a");
      workers.last().exited.complete(134);
      assertFails(address, GatewayException.Unavailable.class, "could not be loaded: its process");
    }
    clock.advance(Duration.ofMinutes(10));
    assertFails(
        start("a"),
        GatewayException.InvalidRequest.class,
        "The model `a` cannot be loaded: its process ended with status 134; the file may be");
    assertThat(workers.launched).hasSize(2);
    Files.write(
        folder.resolve("a-f16.gguf"), new byte[32], java.nio.file.StandardOpenOption.APPEND);
    models.tick();
    start("a");
    assertThat(workers.launched).hasSize(3);
  }

  /** A process tells why it gives up before it is gone, and who is told may come at once. */
  @Test
  void norIsItTriedForThoseWhoCameBeforeItsProcessWasGone() {
    var address = start("a");
    for (int i = 0; i < 2; i++) {
      assertThat(workers.launched).hasSize(i + 1);
      var failed = workers.last();
      failed.ready.completeExceptionally(new GatewayException.Unavailable("too new", 5));
      assertFails(address, GatewayException.Unavailable.class, "too new");
      address = start("a");
      failed.exited.complete(1);
    }
    assertFails(address, GatewayException.InvalidRequest.class, "cannot be loaded: too new");
    assertThat(workers.launched).hasSize(2);
  }

  @Test
  void aProcessThatWasKilledBlamesNoFile() {
    for (int i = 0; i < 3; i++) {
      clock.advance(Duration.ofMinutes(10));
      start("a");
      workers.last().exited.complete(137);
    }
    assertThat(models.find("a").orElseThrow().loadable()).isTrue();
  }

  @Test
  void aDeadWorkerIsReplacedAtOnceThenAfterGrowingPauses() {
    crash();
    crash();
    for (int pause : List.of(1, 2, 4, 8)) {
      var waits = start("a");
      models.tick();
      assertThat(waits).isNotDone();
      clock.advance(Duration.ofSeconds(pause));
      models.tick();
      workers.last().isReady();
      assertThat(waits.join()).isNotNull();
      workers.last().exited.complete(139);
    }
    assertThat(refusal()).isEqualTo(16);
    clock.advance(Duration.ofMinutes(6));
    crash();
    assertThat(start("a")).isNotCompletedExceptionally();
  }

  @Test
  void whatWentWellBetweenTwoCrashesDoesNotMakeThemForgotten() {
    for (int i = 0; i < 6; i++) {
      clock.advance(Duration.ofSeconds(20));
      startReady("a");
      use("a").join().release();
      workers.last().exited.complete(139);
      clock.advance(Duration.ofSeconds(20));
      startReady("a");
      models.unload("a");
    }
    crash();
    assertThat(refusal()).isGreaterThan(10);
  }

  @Test
  void othersPassWhoWaitsForAModelThatDied() {
    crash();
    crash();
    var waits = start("a");
    startReady("b");
    assertThat(use("b").join().model().name()).isEqualTo("b");
    assertThat(waits).isNotDone();
  }

  @Test
  void theLeastRecentlyUsedIdleModelMakesRoom() {
    startReady("a");
    startReady("b");
    clock.advance(Duration.ofSeconds(3));
    use("a").join().release();
    clock.advance(Duration.ofSeconds(3));
    startReady("c");
    assertThat(state("a")).isEqualTo(LocalModel.State.LOADED);
    assertThat(state("b")).isEqualTo(LocalModel.State.NOT_LOADED);
    assertThat(state("c")).isEqualTo(LocalModel.State.LOADED);
  }

  @Test
  void theNewModelIsStartedOnlyWhenTheOldOneIsGone() {
    startReady("a");
    workers.last().deaf = true;
    startReady("b");
    clock.advance(Duration.ofSeconds(3));
    start("b");
    var address = start("c");
    assertThat(workers.launched).hasSize(2);
    workers.launched.get(0).exited.complete(0);
    assertThat(workers.launched).hasSize(3);
    workers.last().isReady();
    assertThat(address.join()).isNotNull();
  }

  @Test
  void loadingHasATimeLimit() {
    models = models(Duration.ofMillis(20));
    var address = start("a");
    assertThat(workers.last().exited.join()).isEqualTo(137);
    assertFails(address, GatewayException.Unavailable.class, "was not loaded within");
  }

  @Test
  void closingEndsEveryWorkerAndStartsNoMore() {
    startReady("a");
    var address = start("b");
    models.close();
    assertThat(workers.launched).allMatch(worker -> worker.exited.isDone());
    assertFails(address, GatewayException.Unavailable.class, "shutting down");
    assertFails(start("a"), GatewayException.Unavailable.class, "shutting down");
  }

  private LocalModels models(Duration load) {
    return new LocalModels(
        new ModelFolders(List.of(folder), false, clock),
        new Limits(load, 2),
        workers,
        Memory.UNLIMITED,
        clock,
        FakeWorkers.AT_ONCE);
  }

  private CompletableFuture<Lease> use(String name) {
    return models.use(name);
  }

  private CompletableFuture<WorkerAddress> start(String name) {
    return models.start(name).toCompletableFuture();
  }

  private void startReady(String name) {
    start(name);
    workers.last().isReady();
  }

  private void crash() {
    startReady("a");
    workers.last().exited.complete(139);
  }

  private int refusal() {
    var thrown = org.assertj.core.api.Assertions.catchThrowable(() -> start("a").join());
    return ((GatewayException.Unavailable) thrown.getCause()).retryAfterSeconds();
  }

  private LocalModel.State state(String name) {
    return models.find(name).orElseThrow().state();
  }

  private static void assertFails(
      CompletableFuture<?> future, Class<? extends Throwable> type, String message) {
    assertThatThrownBy(future::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOf(type)
        .hasMessageContaining(message);
  }
}

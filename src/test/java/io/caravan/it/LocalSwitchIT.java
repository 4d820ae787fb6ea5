package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** More models than may be loaded, models that are left alone, and loads that are given up. */
class LocalSwitchIT {

  @TempDir Path folder;

  static java.util.stream.Stream<LocalEngine> engines() {
    return LocalEngine.present();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void tenClientsThatSwitchBetweenThreeModelsAreAllServed(LocalEngine engine) throws Exception {
    copy("a", "b", "c");
    try (var gateway =
        engine
            .launch(
                "caravan.local.models=" + folder,
                "caravan.local.max-loaded=1",
                "caravan.local.queue-timeout-sec=120")
            .start()) {
      var clients = Executors.newFixedThreadPool(10);
      var calls =
          IntStream.range(0, 20)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> chat(gateway, List.of("a", "b", "c").get(i % 3)), clients))
              .toList();
      assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo(200));
      assertThat(gateway.client().get("/llm/services/local").tree().path("loaded")).hasSize(1);
      clients.shutdown();
    }
  }

  @Test
  void whoWaitsTooLongForABusyModelHearsThePlaceInTheQueue() throws Exception {
    copy("a", "b");
    try (var gateway =
        LocalEngine.JLLAMA
            .launch(
                "caravan.local.models=" + folder,
                "caravan.local.max-loaded=1",
                "caravan.local.queue-timeout-sec=0.2")
            .start()) {
      assertThat(chat(gateway, "a")).isEqualTo(200);
      try (var busy = RawCall.post(gateway, "/v1/chat/completions", Requests.endless("local~a"))) {
        busy.event();
        var reply = gateway.client().chat("local~b", "");
        assertThat(reply.status()).as(reply.body()).isEqualTo(503);
        assertThat(reply.header("Retry-After")).isNotNull();
        assertThat(reply.error().path("message").asText())
            .contains("is number 1 of 1 in the queue");
      }
    }
  }

  @Test
  void anIdleModelIsUnloaded() throws Exception {
    try (var gateway = LocalEngine.JLLAMA.launch("caravan.local.idle-unload-sec=1").start()) {
      assertThat(chat(gateway, "tinychat")).isEqualTo(200);
      Await.until("it is unloaded", () -> loaded(gateway) == 0);
      assertThat(chat(gateway, "tinychat")).isEqualTo(200);
    }
  }

  @Test
  void aModelThatDoesNotFitIsRefusedWithFigures() throws Exception {
    try (var gateway = LocalEngine.JLLAMA.launch("caravan.local.memory-mb=50").start()) {
      var reply = gateway.client().chat("local~tinychat", "");
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.error().path("code").asText()).isEqualTo("insufficient_memory");
      assertThat(reply.error().path("message").asText()).contains("and 50 MB of 50 MB are free");
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theThreadsOfAllModelsDoNotExceedTheCores(LocalEngine engine) throws Exception {
    copy("a", "b");
    for (var setting : List.of("caravan.local.threads=", "caravan.local.threads=99")) {
      try (var gateway = engine.launch("caravan.local.models=" + folder, setting).start()) {
        for (var model : List.of("a", "b")) assertThat(chat(gateway, model)).isEqualTo(200);
        int threads = 0;
        var loaded = gateway.client().get("/llm/services/local").tree().path("loaded");
        for (var worker : loaded) threads += worker.path("threads").asInt();
        assertThat(loaded).hasSize(2);
        assertThat(threads).isBetween(2, Math.max(2, Runtime.getRuntime().availableProcessors()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void manyRequestsOnTwoSlotsAreAllAnswered(LocalEngine engine) throws Exception {
    try (var gateway = engine.launch("caravan.local.parallel=2").start()) {
      var clients = Executors.newFixedThreadPool(64);
      var calls =
          IntStream.range(0, 64)
              .mapToObj(
                  i ->
                      CompletableFuture.supplyAsync(
                          () -> gateway.client().chat("local~tinychat", "'max_tokens':2"), clients))
              .toList();
      assertThat(calls)
          .extracting(CompletableFuture::join)
          .filteredOn(reply -> reply.status() != 200)
          .isEmpty();
      clients.shutdown();
      gateway.assertIdle();
    }
  }

  private static int chat(PackagedGateway gateway, String model) {
    return gateway.client().chat("local~" + model, "'max_tokens':2").status();
  }

  private static int loaded(PackagedGateway gateway) {
    return gateway.client().get("/llm/services/local").tree().path("loaded").size();
  }

  private void copy(String... names) throws Exception {
    for (var name : names) {
      Files.copy(Path.of("models/tinychat-2m-q8_0.gguf"), folder.resolve(name + ".gguf"));
    }
  }
}

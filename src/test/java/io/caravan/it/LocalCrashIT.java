package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models that die or are ended: their requests hear of it, the gateway goes on. */
class LocalCrashIT {

  private static final String PATH = "/v1/chat/completions";

  @TempDir Path folder;

  static Stream<LocalEngine> engines() {
    return LocalEngine.present();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theFirstCallAfterAKillIsAnswered(LocalEngine engine) throws Exception {
    try (var gateway = engine.launch().start()) {
      for (int round = 0; round < 3; round++) {
        assertThat(gateway.client().chat("local~tinychat", "'max_tokens':3").status())
            .isEqualTo(200);
        signal(worker(gateway).path("pid").asText(), "KILL");
        var reply = gateway.client().chat("local~tinychat", "'max_tokens':3");
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aStreamWhoseWorkerDiesEndsWithAnErrorAndNotAsIfItWereWhole(LocalEngine engine)
      throws Exception {
    try (var gateway = engine.launch().start()) {
      for (var how : new String[] {"KILL", "SEGV"}) {
        assertThat(gateway.client().chat("local~tinychat", "'max_tokens':3").status())
            .isEqualTo(200);
        var pid = worker(gateway).path("pid").asText(); // there is no time to ask while it streams
        try (var call =
            RawCall.post(gateway, "/v1/chat/completions", Requests.endless("local~tinychat"))) {
          call.event();
          signal(pid, how);
          var events = call.events();
          assertThat(events.get(events.size() - 1)).contains("\"error\"");
        }
        assertThat(gateway.client().chat("local~tinychat", "'max_tokens':3").status())
            .isEqualTo(200);
      }
      gateway.assertIdle();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void noWorkerOutlivesAGatewayThatIsKilled(LocalEngine engine) throws Exception {
    try (var gateway = engine.launch().start()) {
      assertThat(gateway.client().chat("local~tinychat", "'max_tokens':3").status()).isEqualTo(200);
      var worker = ProcessHandle.of(worker(gateway).path("pid").asLong()).orElseThrow();
      gateway.kill();
      Await.until("the worker has ended", () -> !worker.isAlive());
    }
  }

  /** Requests that wait for a slot are not in the process that dies, so they outlive it. */
  @ParameterizedTest
  @MethodSource("engines")
  void whoWaitsForASlotOfAModelThatDiesIsServedByTheNextOne(LocalEngine engine) throws Exception {
    var model = GgufPatch.longModel(folder);
    try (var gateway = engine.launch(model[0], model[1], "caravan.local.parallel=2").start()) {
      GgufPatch.awaitLongModel(gateway);
      assertThat(gateway.client().chat("local~long", "'max_tokens':3").status()).isEqualTo(200);
      var pid = worker(gateway).path("pid").asText();
      var calls = new java.util.ArrayList<RawCall>();
      for (int i = 0; i < 2; i++) {
        calls.add(RawCall.post(gateway, PATH, Requests.endless("local~long")));
        calls.get(i).event();
      }
      for (int i = 0; i < 10; i++) {
        calls.add(RawCall.post(gateway, PATH, Requests.chat("local~long", "'max_tokens':3")));
      }
      Await.until("they wait", () -> worker(gateway).path("waiting").asInt() == 10);
      signal(pid, "KILL");
      for (var call : calls.subList(2, 12)) assertThat(call.status()).isEqualTo(200);
      for (var call : calls) call.close();
      gateway.assertIdle();
    }
  }

  @Test
  void whatAKilledGatewayLeavesIsClearedAtTheNextStart() throws Exception {
    Path left;
    try (var gateway = LocalEngine.JLLAMA.launch().start()) {
      assertThat(gateway.client().chat("local~tinychat", "'max_tokens':3").status()).isEqualTo(200);
      var pid = worker(gateway).path("pid").asText();
      var command = Files.readString(Path.of("/proc", pid, "cmdline")).split("\0");
      left =
          Stream.of(command)
              .filter(word -> word.startsWith("-Djava.io.tmpdir="))
              .map(word -> Path.of(word.substring(word.indexOf('=') + 1)))
              .findFirst()
              .orElseThrow();
      assertThat(left).exists();
      gateway.kill();
    }
    try (var next = LocalEngine.JLLAMA.launch().start()) {
      Await.until("the folder is gone", () -> !Files.exists(left));
    }
  }

  private static void signal(String pid, String how) throws Exception {
    new ProcessBuilder("kill", "-" + how, pid).start().waitFor();
  }

  private static JsonNode worker(PackagedGateway gateway) {
    return gateway.client().get("/llm/services/local").tree().at("/loaded/0");
  }
}

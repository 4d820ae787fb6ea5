package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A client that leaves: the processor of the model's process is idle within a second. */
class LocalLeaveIT {

  private static final String CHAT = "/v1/chat/completions";

  /** What shows that the work has ended, beside the second in which it has to. */
  private static final Duration QUIET = Duration.ofMillis(200);

  private static final Duration SOON = Duration.ofSeconds(1).plus(QUIET);

  /** llama-server itself looks for clients that left once in a second. */
  private static final Duration SECOND_LOOK = Duration.ofSeconds(1);

  @TempDir static Path folder;
  private static final Map<LocalEngine, PackagedGateway> GATEWAYS =
      new EnumMap<>(LocalEngine.class);

  /** A model that takes prompts which take long. */
  @BeforeAll
  static void start() throws Exception {
    var model = GgufPatch.longModel(folder);
    for (var engine : LocalEngine.present().toList()) {
      var gateway = engine.launch(model[0], model[1], "caravan.local.parallel=1").start();
      GATEWAYS.put(engine, gateway);
      assertThat(gateway.client().chat("local~long", "'max_tokens':2").status()).isEqualTo(200);
    }
  }

  @AfterAll
  static void stop() {
    GATEWAYS.values().forEach(PackagedGateway::close);
  }

  static Stream<LocalEngine> engines() {
    return LocalEngine.present();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void insideALongPrompt(LocalEngine engine) throws Exception {
    for (var stream : new String[] {"'stream':true", "'stream':false"}) {
      var body = Requests.chat("local~long", stream).replace("Hello", "x ".repeat(30_000));
      leaves(engine, CHAT, body, false);
    }
    var ahead = "{'model':'long','messages':[{'role':'user','content':'Hello'}]}";
    var body = Requests.json(ahead).replace("Hello", "x ".repeat(30_000));
    leaves(engine, "/local/restore_cache", body, false);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void insideAnAnswer(LocalEngine engine) throws Exception {
    leaves(engine, CHAT, Requests.endless("local~long"), true);
  }

  private static void leaves(LocalEngine engine, String path, String body, boolean begun)
      throws Exception {
    var gateway = GATEWAYS.get(engine);
    var worker = gateway.client().get("/llm/services/local").tree().at("/loaded/0/pid").asText();
    long before = ticks(worker);
    try (var call = RawCall.post(gateway, path, body)) {
      if (begun) call.event();
      Await.until("it works", () -> ticks(worker) > before + 20);
    }
    awaitQuiet(worker, engine == LocalEngine.JLLAMA ? SOON : SOON.plus(SECOND_LOOK));
    gateway.assertIdle();
    assertThat(gateway.client().chat("local~long", "'max_tokens':2").status()).isEqualTo(200);
  }

  /** Hundredths of a second of a processor that a process has used. */
  private static long ticks(String pid) throws Exception {
    var stat = Files.readString(Path.of("/proc", pid, "stat"));
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  private static void awaitQuiet(String pid, Duration limit) throws Exception {
    var last = new long[] {ticks(pid), System.nanoTime()};
    Await.until(
        "the process is idle",
        limit,
        () -> {
          long now = ticks(pid);
          if (now > last[0] + 1) {
            last[0] = now;
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > QUIET.toNanos();
        });
  }
}

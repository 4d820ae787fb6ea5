package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Settings that would end llama.cpp's process are refused at the start, or end a load cleanly. */
class LocalBadSettingsIT {

  @ParameterizedTest
  @CsvSource({
    "parallel, 0",
    "parallel, -1",
    "parallel, many",
    "parallel, 99999999999",
    "context, 0",
    "context, -5",
    "context, x",
    "threads, -1",
    "threads, x",
    "max-loaded, 0",
    "max-waiting, -1",
    "load-timeout-sec, -1",
    "load-timeout-sec, soon",
    "memory-mb, -5",
    "gpu-layers, all",
    "main-gpu, -3",
    "cache-max-entries, -1",
    "cache-max-mb, x",
    "engine, nonsense",
    "llama-server, /nonexistent/llama-server",
    "flash-attention, maybe",
    "prompt-cache, maybe",
  })
  void isRefusedAtTheStart(String setting, String value) throws Exception {
    var name = "CARAVAN_LOCAL_" + setting.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
    var ended = Launch.plain().environment(name, value).run();
    assertThat(ended.exit()).as(ended.console()).isEqualTo(2);
    assertThat(ended.console())
        .contains("caravan.local." + setting)
        .doesNotContain("Exception", "\tat ");
  }

  static Stream<LocalEngine> engines() {
    return LocalEngine.present();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aDeviceThatIsNotThereEndsNothingButTheLoad(LocalEngine engine) throws Exception {
    try (var gateway =
        engine.launch("caravan.local.devices=NOPE7", "caravan.local.gpu-layers=99").start()) {
      var reply = gateway.client().chat("local~tinychat", "'max_tokens':2");
      assertThat(reply.status())
          .as(reply.body())
          .isEqualTo(engine == LocalEngine.JLLAMA ? 200 : 503);
      if (reply.status() == 503) {
        assertThat(reply.error().path("message").asText()).contains("llama-server ended");
      }
      assertThat(gateway.client().get("/health").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void moreThanAModelCanHaveIsNotMoreThanItHas(LocalEngine engine) throws Exception {
    try (var gateway = engine.launch("caravan.local.context=2000000000").start()) {
      assertThat(gateway.client().chat("local~tinychat", "'max_tokens':2").status()).isEqualTo(200);
      var loaded = gateway.client().get("/llm/services/local").tree().at("/loaded/0");
      assertThat(loaded.path("context").asInt()).isEqualTo(2048);
      for (var context : new String[] {"-5", "0", "'x'", "1.5", "2000000000"}) {
        var body = "{'model_name':'tinychat','load_model_configs':{'n_ctx':" + context + "}}";
        var reply = gateway.client().post("/local/setModel", Requests.json(body));
        assertThat(reply.status())
            .as(context + reply.body())
            .isEqualTo(context.equals("2000000000") ? 200 : 400);
      }
    }
  }
}

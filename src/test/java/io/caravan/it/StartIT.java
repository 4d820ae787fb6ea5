package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How it starts, out of the box and when asked for something impossible. */
class StartIT {

  @Test
  void isQuietWithAllDefaultServicesFromAnyDirectory() throws Exception {
    try (var gateway = Launch.plain().start()) {
      Await.until("it says so", () -> gateway.console().contains("curl"));
      assertThat(gateway.console().lines().count()).isLessThan(15);
      assertThat(gateway.console())
          .contains("http://127.0.0.1:" + gateway.port(), "local~tinychat")
          .doesNotContain("WARN", "ERROR", "Exception");
      var models = gateway.client().get("/v1/models").tree().path("data");
      assertThat(models).anyMatch(model -> model.path("id").asText().equals("local~tinychat"));
    }
  }

  @Test
  void tellsItsOptions() throws Exception {
    var ended = Launch.plain().argument("--help").run();
    assertThat(ended.exit()).isZero();
    assertThat(ended.console()).contains("--port", "--host", "--config", "--log-level", "--help");
  }

  @ParameterizedTest
  @CsvSource({
    "--prot=8080,        --prot",
    "--port,             --port",
    "serve,              serve",
    "--config=/no/file,  /no/file",
    "--config=/tmp,      /tmp",
    "--log-level=loud,   loud",
    "--port=many,        many",
    "--port=70000,       70000"
  })
  void refusesWhatMakesNoSense(String argument, String said) throws Exception {
    var ended = Launch.plain().argument(argument).run();
    assertThat(ended.exit()).as(ended.console()).isEqualTo(2);
    assertThat(ended.console()).contains(said).doesNotContain("Exception", "\tat ");
    assertThat(ended.console().strip().lines()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "caravan.limits.first-token-timeout-sec,  abc",
    "caravan.limits.idle-timeout-sec,         1e99",
    "caravan.limits.connect-timeout-ms,       0",
    "caravan.server.shutdown-timeout-sec,     soon",
    "caravan.server.body-timeout-sec,         0",
    "caravan.breaker.min-calls,               -1",
    "caravan.logging.file,                    /tmp"
  })
  void refusesSettingsThatMakeNoSense(String setting, String value) throws Exception {
    var name = setting.toUpperCase(Locale.ROOT).replace('-', '_').replace('.', '_');
    var ended = Launch.plain().environment(name, value).run();
    assertThat(ended.exit()).as(ended.console()).isEqualTo(2);
    assertThat(ended.console()).contains(setting).doesNotContain("Exception", "\tat ");
    assertThat(ended.console().strip().lines()).hasSize(1);
  }

  @Test
  void saysThatThePortIsTaken() throws Exception {
    int port = Launch.freePort();
    try (var taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      var ended = Launch.plain().argument("--port", String.valueOf(taken.getLocalPort())).run();
      assertThat(ended.exit()).isEqualTo(2);
      assertThat(ended.console()).contains(String.valueOf(port)).doesNotContain("\tat ");
      assertThat(ended.console().strip().lines()).hasSize(1);
    }
  }

  @Test
  void takesAnyFreePort() throws Exception {
    try (var gateway = Launch.with("caravan.service.mock.provider=mock").start(0)) {
      assertThat(gateway.client().chat("mock~echo", "").status()).isEqualTo(200);
    }
  }

  @Test
  void obeysTheEnvironmentBeforeTheFile() throws Exception {
    var launch =
        Launch.with("caravan.service.mock.provider=mock", "caravan.default-model=mock~nothing")
            .environment("CARAVAN_DEFAULT_MODEL", "mock~echo")
            .environment("CARAVAN_SERVICE_MY_MOCK_PROVIDER", "mock");
    try (var gateway = launch.start()) {
      var body = Requests.json("{'messages':[{'role':'user','content':'Hi'}]}");
      var reply = gateway.client().post("/v1/chat/completions", body);
      assertThat(reply.tree().path("model").asText()).isEqualTo("mock~echo");
      assertThat(gateway.client().chat("my-mock~echo", "").status()).isEqualTo(200);
    }
  }

  @Test
  void leavesOutAServiceThatIsConfiguredWrongly() throws Exception {
    var launch =
        Launch.with(
            "caravan.service.mock.provider=mock",
            "caravan.service.odd.provider=no-such-provider",
            "caravan.service.cloud.provider=openai");
    try (var gateway = launch.start()) {
      assertThat(gateway.client().chat("mock~echo", "").status()).isEqualTo(200);
      assertThat(gateway.client().chat("odd~m", "").status()).isEqualTo(404);
      assertThat(gateway.console()).contains("odd", "no-such-provider").doesNotContain("\tat ");
      var unavailable = gateway.client().chat("cloud~m", "");
      assertThat(unavailable.status()).isEqualTo(503);
      assertThat(unavailable.header("retry-after")).isNotNull();
    }
  }
}

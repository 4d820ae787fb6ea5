package io.caravan.it;

import static io.caravan.it.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Settings over a restart, a lost master key and a row that somebody has damaged. */
@Timeout(120) // four starts on a machine that may be busy
class SettingsRestartIT {

  private static final String PATH = "/api/settings/llm";
  private static final String KEY = "sk-a-key-that-stays-1f";

  @Test
  void theyAreKeptAsTheyAre() throws Exception {
    var launch = Launch.with();
    try (var fake = FakeService.start()) {
      fake.models("gpt-x");
      try (var gateway = launch.start()) {
        save(gateway, fake);
        stop(gateway);
      }
      var file = launch.directory().resolve("data/caravan.mv.db");
      assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
          .doesNotContain(KEY);
      try (var gateway = launch.restart()) {
        var settings = gateway.client().get(PATH).tree();
        assertThat(settings.at("/config/apiKey").asText()).isEqualTo("sk-…f");
        assertThat(settings.path("default_model").asText()).isEqualTo("gpt-x");
        assertThat(settings.at("/last_test/status").asText()).isEqualTo("connected");
        fake.onChat(call -> call.json(200, Requests.wire("openai/chat.response.json")));
        assertThat(chat(gateway).status()).isEqualTo(200);
        assertThat(fake.next().header("authorization")).isEqualTo("Bearer " + KEY);
        stop(gateway);
      }
      lostMasterKey(launch);
      damagedRow(launch, fake);
    }
  }

  private static void lostMasterKey(Launch launch) throws Exception {
    var file = launch.directory().resolve("data/caravan.mv.db");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    launch.environment("CARAVAN_SECRET_KEY", "b3RoZXIga2V5IG90aGVyIGtleSBvdGhlciBrZXkgMTI=");
    try (var gateway = launch.restart()) {
      var settings = gateway.client().get(PATH);
      assertThat(settings.status()).isEqualTo(200);
      assertThat(settings.tree().path("backend_type").asText()).isEqualTo("chatgpt");
      assertThat(settings.tree().path("error").asText()).contains("master key");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      var status = gateway.client().get(PATH + "/status");
      assertThat(status.status()).isEqualTo(200);
      assertThat(status.tree().path("connection").asText()).isEqualTo("error");
      assertThat(status.tree().path("error").asText()).contains("master key");
      assertThat(chat(gateway).status()).isEqualTo(409);
      assertThat(chat(gateway).error().path("message").asText()).contains("master key");
      for (var model : new String[] {"work~gpt-x", "work/gpt-x"}) {
        var locked = gateway.client().chat(model, "");
        assertThat(locked.status()).as(locked.body()).isEqualTo(503);
        assertThat(locked.error().path("message").asText())
            .contains("`work` cannot be used", "master key", "PUT /llm/services/work")
            .doesNotContain("/data/", "SECRET_KEY");
      }
      assertThat(gateway.client().chat("nobody~gpt-x", "").status()).isEqualTo(404);
      assertThat(gateway.client().get("/llm/services").body()).contains("is not the one of this");
      beginAnew(gateway);
      assertThat(gateway.console()).doesNotContain("\tat ", KEY);
      stop(gateway);
    }
  }

  /** The way that the refusal names. */
  private static void beginAnew(PackagedGateway gateway) {
    var service = "/llm/services/work";
    var again = BodyPublishers.ofString(json("{'api_key':'sk-entered-again-5'}"));
    assertThat(gateway.client().chat("work~gpt-x", "").error().path("message").asText())
        .contains("POST /api/secrets/rotate {\"forget\":true}", "PUT " + service);
    assertThat(gateway.client().post("/api/secrets/rotate", json("{'forget':true}")).status())
        .isEqualTo(200);
    assertThat(gateway.client().call("PUT", service, again).status()).isEqualTo(200);
    assertThat(gateway.client().chat("work~gpt-x", "").status()).isEqualTo(200);
  }

  private static void damagedRow(Launch launch, FakeService fake) throws Exception {
    var url = "jdbc:h2:file:" + launch.directory().resolve("data/caravan");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("update settings set config_json = '{\"config\":'");
      statement.execute(
          "insert into imported_settings (name, setting)"
              + " values ('caravan.limits.idle-timeout-sec', 'abc')");
      var columns = "api_format, urls, verify_cert, enable_discovery, origin, version, updated_at";
      statement.execute(
          "insert into llm_service_configs (service_name, settings, %s) select 'odd', '%s', %s from llm_service_configs where service_name = 'work'"
              .formatted(columns, "{\"provider\":\"nosuch\"}", columns));
    }
    try (var gateway = launch.restart()) {
      whatTheLogNamesMendsIt(gateway);
      var settings = gateway.client().get(PATH);
      assertThat(settings.status()).isEqualTo(200);
      assertThat(settings.tree().path("error").asText()).contains("damaged");
      assertThat(gateway.client().get(PATH + "/status").tree().path("error").asText())
          .contains("damaged");
      for (var path : new String[] {PATH + "/models", "/proxy/llm/v1/models"}) {
        var reply = gateway.client().get(path);
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.error().path("message").asText()).contains("damaged", "Save them again");
      }
      save(gateway, fake);
      assertThat(gateway.client().get("/proxy/llm/v1/models").status()).isEqualTo(200);
      assertThat(gateway.console()).doesNotContain("\tat ", KEY);
    }
  }

  private static void whatTheLogNamesMendsIt(PackagedGateway gateway) {
    var services = gateway.client().get("/llm/services").tree();
    assertThat(services.at("/data").findValuesAsText("name")).contains("work", "odd");
    assertThat(services.at("/refused/0/service").asText()).isEqualTo("odd");
    assertThat(gateway.client().chat("odd~m", "").status()).isEqualTo(503);
    assertThat(gateway.client().chat("work~gpt-x", "").status()).isEqualTo(200);
    Await.until("it is said", () -> gateway.console().contains("DELETE /llm/services/odd removes"));
    var odd = gateway.client().call("DELETE", "/llm/services/odd", BodyPublishers.noBody());
    assertThat(odd.status()).isEqualTo(204);
    assertThat(gateway.client().chat("odd~m", "").status()).isEqualTo(404);
    var line = Pattern.compile("POST (/api/config/import) (\\{.*}) removes it");
    var printed = line.matcher(gateway.console());
    assertThat(printed.find()).as(gateway.console()).isTrue();
    var mended = gateway.client().post(printed.group(1), printed.group(2));
    assertThat(mended.status()).as(mended.body()).isEqualTo(200);
    assertThat(mended.tree().at("/settings/0").asText()).endsWith("idle-timeout-sec");
  }

  private static void save(PackagedGateway gateway, FakeService fake) {
    var settings =
        json(
            "{'backend_type':'chatgpt','config':{'url':'%s','apiKey':'%s'},'default_model':'gpt-x'}"
                .formatted(fake.url(), KEY));
    assertThat(gateway.client().post(PATH, settings).status()).isEqualTo(200);
    var service =
        json(
            "{'name':'work','provider':'openai-compatible','urls':['%s'],'api_key':'%s'}"
                .formatted(fake.url(), KEY));
    assertThat(gateway.client().post("/llm/services", service).status()).isIn(201, 409);
    var told = gateway.client().post(PATH + "/test", "{}").tree();
    assertThat(told.path("status").asText()).as(told.toString()).isEqualTo("connected");
  }

  private static Client.Reply chat(PackagedGateway gateway) {
    return gateway.client().post("/proxy/llm/v1/chat/completions", Requests.chat("gpt-x", ""));
  }

  private static void stop(PackagedGateway gateway) {
    gateway.terminate();
    Await.until("it has ended", () -> !gateway.isRunning());
  }
}

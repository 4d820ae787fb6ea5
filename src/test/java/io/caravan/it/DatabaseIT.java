package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that cannot be opened: models are served, and people are told. */
@Timeout(120) // two starts and more on a machine that may be busy
class DatabaseIT {

  private static final String[] MOCK = {"caravan.service.mock.provider=mock"};

  @Test
  void isNotTakenFromAnotherCaravan() throws Exception {
    var launch = Launch.with(MOCK);
    try (var first = launch.start()) {
      var file = launch.directory().resolve("data/caravan.mv.db");
      Await.until("it has its database", () -> Files.exists(file));
      var other =
          Launch.with(
              "caravan.service.mock.provider=mock",
              "caravan.database.url=jdbc:h2:file:" + launch.directory().resolve("data/caravan"));
      try (var second = other.start()) {
        Await.until("it says so", () -> second.console().contains("locked by another process"));
        assertThat(first.client().get("/health").body()).isEqualTo("{\"status\":\"ok\"}");
        var lame = second.client().get("/health");
        assertThat(lame.status()).isEqualTo(200);
        assertThat(lame.body()).isEqualTo("{\"status\":\"ok\",\"database\":\"unavailable\"}");
        assertThat(second.console()).contains(file.toString()).doesNotContain("\tat ");
        assertThat(second.client().chat("mock~echo", "").status()).isEqualTo(200);
        assertThat(first.client().chat("mock~echo", "").status()).isEqualTo(200);
        first.terminate();
        Await.until("it takes it", () -> second.console().contains("can be used now"));
      }
    }
  }

  @Test
  void isLeftAsItIsWhenDamaged() throws Exception {
    var garbage = "this is no database ".repeat(500);
    var launch = Launch.with(MOCK).file("data/caravan.mv.db", garbage);
    try (var gateway = launch.start()) {
      Await.until("it says so", () -> gateway.console().contains("is damaged"));
      assertThat(gateway.client().chat("mock~echo", "").status()).isEqualTo(200);
      assertThat(gateway.console()).doesNotContain("\tat ");
    }
    var file = launch.directory().resolve("data/caravan.mv.db");
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.UTF_8)).isEqualTo(garbage);
  }

  @Test
  void anOldOneIsBroughtUpToDate() throws Exception {
    var launch =
        Launch.with(
            "caravan.service.away.provider=openai-compatible",
            "caravan.service.away.urls=http://127.0.0.1:9");
    old("jdbc:h2:file:" + launch.directory().resolve("data/caravan"));
    try (var gateway = launch.start()) {
      var jobs = new JobClient(gateway);
      var client = gateway.client();
      Await.until("it is remembered", () -> client.get("/v1/models").body().contains("away~old"));
      assertThat(jobs.job("done").path("state").asText()).isEqualTo("succeeded");
      var waiting = jobs.await("waiting", "failed");
      assertThat(waiting.path("error").path("code").asText()).isEqualTo("service_not_found");
      assertThat(jobs.job("damaged").path("params").isEmpty()).isTrue();
      assertThat(client.get("/jobs").tree().path("total").asInt()).isEqualTo(3);
      var made = client.post("/llm/services", "{\"name\":\"new\",\"provider\":\"mock\"}");
      assertThat(made.status()).as(made.body()).isEqualTo(201);
    }
  }

  /** A database as the first Caravan left it, with a model and jobs in it. */
  private static void old(String url) throws Exception {
    var migrations = "filesystem:" + Path.of("src/main/resources/db/migration").toAbsolutePath();
    Flyway.configure()
        .dataSource(url, null, null)
        .locations(migrations)
        .target("1")
        .load()
        .migrate();
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute(
          "insert into llm_models (service, name, type, state, streaming, instructed, coding, tooling,"
              + " is_mlx, is_gguf) values ('away', 'old', 'llm', 'loaded', true, true, false, false,"
              + " false, false)");
      statement.execute(
          """
          insert into jobs (id, type, params, state, created_at) values
          ('done', 'load', '{"service_name":"away","model_name":"old"}', 'succeeded', now()),
          ('waiting', 'load', '{"service_name":"gone","model_name":"old"}', 'queued', now()),
          ('damaged', 'load', '{"service', 'failed', now())
          """);
    }
  }

  @Test
  void answersForARegistryThatIsAway() throws Exception {
    var hugging = FakeService.start();
    var url = "caravan.registry.huggingface-url=" + hugging.url();
    try (var gateway = Launch.with("caravan.service.mock.provider=mock", url).start()) {
      var path = "/llm/registry/models?search=LLAMA";
      var told = "[{\"_id\":\"1\",\"id\":\"org/Llama-GGUF\",\"likes\":5}]";
      Await.until(
          "the database is there and has kept it",
          () -> {
            hugging.on("GET /api/models", call -> call.json(200, told));
            var asked = gateway.client().get(path).tree();
            assertThat(asked.path("cached").asBoolean(true)).isFalse();
            assertThat(asked.at("/data/0/model_id").asText()).isEqualTo("org/Llama-GGUF");
            hugging.on("GET /api/models", call -> call.json(503, "{}"));
            var reply = gateway.client().get(path);
            return reply.status() == 200 && reply.tree().path("cached").asBoolean();
          });
      var kept = gateway.client().get(path).tree();
      assertThat(kept.at("/data/0/likes").asInt()).isEqualTo(5);
      assertThat(kept.path("age_sec").isNumber()).isTrue();
      hugging.on("GET /api/models", call -> {}); // it hangs
      var begun = System.nanoTime();
      assertThat(gateway.client().get(path).tree().path("cached").asBoolean()).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
      hugging.on("GET /api/models", call -> call.json(503, "{}"));
      var nothing = gateway.client().get("/llm/registry/models?search=nothing");
      assertThat(nothing.status()).isEqualTo(503);
      assertThat(nothing.error().path("message").asText()).isNotBlank();
      hugging.close();
      var away = gateway.client().get("/llm/registry/models?search=nothing");
      assertThat(away.status()).isEqualTo(502);
      assertThat(away.error().path("message").asText())
          .contains("huggingface registry")
          .contains("Nothing is kept from before");
    } finally {
      hugging.close();
    }
  }
}

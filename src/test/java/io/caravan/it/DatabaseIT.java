package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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
      var nothing = gateway.client().get("/llm/registry/models?search=nothing");
      assertThat(nothing.status()).isEqualTo(503);
      assertThat(nothing.error().path("message").asText()).isNotBlank();
    } finally {
      hugging.close();
    }
  }
}

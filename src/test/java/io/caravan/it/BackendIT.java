package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One active model, the simple way, as a client of it sees the packaged gateway. */
class BackendIT {

  private static final String LOAD = "/api/v1/models/load";
  private static final String ANSWER =
      "{\"model\":\"a:1b\",\"created_at\":\"2024-09-12T21:17:29Z\",\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"done_reason\":\"stop\",\"done\":true}";

  private static FakeService ollama;
  private static PackagedGateway gateway;
  private static Client client;

  @BeforeAll
  static void start() throws Exception {
    ollama =
        FakeService.start()
            .on(
                "GET /api/tags",
                call -> call.json(200, "{\"models\":[{\"name\":\"a:1b\"},{\"name\":\"b:1b\"}]}"))
            .on("GET /api/ps", call -> call.json(200, "{\"models\":[]}"))
            .on("POST /api/show", call -> call.json(200, "{}"))
            .on("POST /api/chat", call -> call.json(200, ANSWER));
    gateway =
        PackagedGateway.before(
            ollama,
            "ollama",
            "caravan.backend.type=fake",
            "caravan.model.astray.targets=nosuch~x, nosuch~y",
            "caravan.model.right.targets=nosuch~x, fake~a:1b",
            "caravan.service.away.provider=jan",
            "caravan.service.away.urls=http://127.0.0.1:1");
    client = gateway.client();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    ollama.close();
  }

  @Test
  void loadsConfiguresGeneratesAndChanges() throws Exception {
    assertThat(status("status")).isEqualTo("Inactive");
    assertThat(client.post("/api/v1/generate", "{\"prompt\":\"x\"}").status()).isEqualTo(409);
    assertThat(client.post(LOAD, "{}").status()).isEqualTo(400);
    assertThat(
            client.post(LOAD, "{\"backend_type\":\"none\",\"model_name_or_path\":\"m\"}").status())
        .isEqualTo(400);
    assertThat(status("status")).isEqualTo("Inactive");
    assertThat(client.post(LOAD, "{\"model_name_or_path\":\"missing\"}").status()).isEqualTo(400);
    assertThat(status("status")).isEqualTo("Failed"); // for a client that only looks there
    assertThat(status("last_error")).contains("missing");

    var accepted = client.post(LOAD, "{\"backend_type\":\"fake\",\"model_name_or_path\":\"a:1b\"}");
    assertThat(accepted.status()).isEqualTo(202);
    assertThat(accepted.tree().path("status").asText()).isEqualTo("Loading");
    var load = next("/api/generate");
    assertThat(client.post(LOAD, "{\"model_name_or_path\":\"b:1b\"}").status()).isEqualTo(409);
    load.json(200, "{\"done\":true,\"done_reason\":\"load\"}");
    Await.until("ready", () -> status("status").equals("Ready"));
    assertThat(status("active_model")).isEqualTo("a:1b");

    assertThat(config("{\"max_new_tokens\":0}").status()).isEqualTo(400);
    assertThat(config("{\"unknown\":1}").status()).isEqualTo(400);
    assertThat(config("{\"max_new_tokens\":7,\"top_k\":3,\"repetition_penalty\":1.5}").status())
        .isEqualTo(200);
    assertThat(client.get("/api/v1/models/config").tree().path("top_k").asInt()).isEqualTo(3);

    var generated = client.post("/api/v1/generate", "{\"prompt\":\"x\"}");
    assertThat(generated.tree().path("response").asText()).isEqualTo("Hi");
    var options = next("/api/chat").tree().path("options");
    assertThat(options.path("num_predict").asInt()).isEqualTo(7);
    assertThat(options.path("repeat_penalty").asDouble()).isEqualTo(1.5);

    var unnamed = "{\"max_tokens\":2,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    assertThat(client.post("/v1/chat/completions", unnamed).tree().path("model").asText())
        .isEqualTo("fake~a:1b");
    assertThat(next("/api/chat").tree().path("options").path("num_predict").asInt()).isEqualTo(2);

    client.post(LOAD, "{\"backend_type\":\"fake\",\"model_name_or_path\":\"fake~b:1b\"}");
    var unload = next("/api/generate");
    assertThat(unload.text()).contains("\"a:1b\"", "\"keep_alive\":0");
    assertThat(status("status")).isEqualTo("Unloading");
    unload.json(200, "{\"done\":true}");
    next("/api/generate").json(200, "{\"done\":true}");
    Await.until("ready", () -> status("active_model").equals("b:1b"));

    var mistyped = client.post(LOAD, "{\"backend_type\":\"fake\",\"model_name_or_path\":\"none\"}");
    assertThat(mistyped.status()).isEqualTo(400);
    assertThat(mistyped.error().path("param").asText()).isEqualTo("model_name_or_path");
    assertThat(status("active_model")).as("it stays").isEqualTo("b:1b");
    var away = "{\"backend_type\":\"away\",\"model_name_or_path\":\"none\"}";
    assertThat(client.post(LOAD, away).status()).isEqualTo(202);
    Await.until("failed", () -> status("last_error").contains("away"));
    var kept = client.get("/api/v1/models/status").tree();
    assertThat(kept.path("status").asText()).as("it stays").isEqualTo("Ready");
    assertThat(kept.path("backend_type").asText()).isEqualTo("fake");
    assertThat(kept.path("active_model").asText()).isEqualTo("b:1b");
    assertThat(kept.path("backend_details").path("model").asText()).isEqualTo("b:1b");
    assertThat(client.post("/v1/chat/completions", unnamed).tree().path("model").asText())
        .as("who was active serves on")
        .isEqualTo("fake~b:1b");
    assertThat(client.get("/api/v1/models/available").tree().path("service_models").path("fake"))
        .hasSize(2);
  }

  @Test
  void anAliasThatLeadsNowhereIsNamedInTheLog() throws Exception {
    Await.until("it is said", () -> gateway.console().contains("The alias 'astray' leads nowhere"));
    assertThat(gateway.console())
        .contains("no service is called 'nosuch'")
        .doesNotContain("'right'");
  }

  private static Client.Reply config(String json) {
    return client.call(
        "PUT",
        "/api/v1/models/config",
        BodyPublishers.ofString(json),
        "Content-Type",
        "application/json");
  }

  private static String status(String field) {
    return client.get("/api/v1/models/status").tree().path(field).asText();
  }

  /** The next call of that path; what discovery asks is passed over. */
  private static FakeCall next(String path) throws InterruptedException {
    var call = ollama.next();
    while (!call.uri().equals(path)) call = ollama.next();
    return call;
  }
}

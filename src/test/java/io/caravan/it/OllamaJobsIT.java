package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Models of an Ollama that behaves like the real one, through the packaged gateway. */
class OllamaJobsIT {

  private static final String MANIFEST = "{\"status\":\"pulling manifest\"}\n";
  private static final String LAYER =
      "{\"status\":\"pulling dde5aa3fc5ff\",\"digest\":\"sha256:dde5aa3fc5ff\",\"total\":1000,\"completed\":%d}\n";
  private static final String SUCCESS = "{\"status\":\"success\"}\n";

  private static final String TAGS = "{\"models\":[{\"name\":\"seen:1b\",\"model\":\"seen:1b\"}]}";

  private static FakeService ollama;
  private static PackagedGateway gateway;
  private static JobClient jobs;

  @BeforeAll
  static void start() throws Exception {
    ollama = FakeService.start().on("GET /api/tags", call -> call.json(200, "{\"models\":[]}"));
    gateway = PackagedGateway.before(ollama, "ollama", "caravan.jobs.per-service=1");
    jobs = new JobClient(gateway);
  }

  @AfterEach
  void forget() {
    ollama.forget();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    ollama.close();
  }

  @Test
  void installsWithProgress() throws Exception {
    var reply = jobs.ask("{'type':'install','params':{'service_name':'fake','model_name':'a:3b'}}");
    assertThat(reply.status()).isEqualTo(202);
    var id = reply.tree().path("id").asText();
    assertThat(reply.header("Location")).isEqualTo("/jobs/" + id);
    var pull = ollama.next();
    assertThat(pull.uri()).isEqualTo("/api/pull");
    assertThat(pull.text()).isEqualTo("{\"model\":\"a:3b\",\"stream\":true}");
    pull.stream("application/x-ndjson").send(MANIFEST).send(LAYER.formatted(250));
    Await.until(
        "progress",
        Duration.ofSeconds(1),
        () -> jobs.job(id).path("progress").path("done").asInt() == 250);
    assertThat(jobs.job(id).path("state").asText()).isEqualTo("running");
    pull.send(LAYER.formatted(1000)).send(SUCCESS).end();
    var job = jobs.await(id, "succeeded");
    assertThat(job.path("error").isNull()).isTrue();
    assertThat(job.path("progress").path("total").asInt()).isEqualTo(1000);
    assertThat(job.path("finished_at").asText()).isNotEmpty();
    assertThat(job.properties())
        .extracting(e -> e.getKey())
        .containsExactly(
            "id",
            "type",
            "params",
            "state",
            "progress",
            "error",
            "created_at",
            "started_at",
            "finished_at");
  }

  @Test
  void eventsEndWithTheJob() throws Exception {
    var id = jobs.id("install", "{'model_name':'fake~events'}");
    var pull = ollama.next().stream("application/x-ndjson").send(MANIFEST);
    var events = java.util.concurrent.CompletableFuture.supplyAsync(() -> jobs.events(id));
    pull.send(LAYER.formatted(10)).send(LAYER.formatted(500)).send(SUCCESS).end();
    var lines = events.get().lines().filter(line -> !line.isEmpty()).toList();
    assertThat(lines).allMatch(line -> line.startsWith("data: {\"id\":\"" + id));
    assertThat(lines.get(lines.size() - 1)).contains("\"state\":\"succeeded\"");
    gateway.assertIdle();
  }

  @Test
  void anErrorInsideStatus200FailsTheJob() throws Exception {
    ollama.on(
        "POST /api/pull",
        call ->
            call.stream("application/x-ndjson")
                .send(MANIFEST)
                .send("{\"error\":\"pull model manifest: file does not exist\"}\n")
                .end());
    var job = jobs.run("install", "{'model_name':'fake~nope'}", "failed");
    assertThat(job.path("error").path("message").asText())
        .isEqualTo("pull model manifest: file does not exist");
    assertThat(job.path("error").path("code").asText()).isEqualTo("model_not_found");
    assertThat(ollama.waiting()).isEqualTo(1);
  }

  @Test
  void theSameTwiceIsOneJob() throws Exception {
    var id = jobs.id("install", "{'model_name':'fake~twice'}");
    assertThat(jobs.id("install", "{'service_name':'fake','model_name':'twice'}")).isEqualTo(id);
    ollama.next().stream("application/x-ndjson").send(SUCCESS).end();
    jobs.await(id, "succeeded");
    assertThat(ollama.waiting()).isZero();
  }

  @Test
  void cancelClosesTheConnection() throws Exception {
    var id = jobs.id("install", "{'model_name':'fake~cancel'}");
    var pull = ollama.next().stream("application/x-ndjson").send(LAYER.formatted(10));
    var reply = jobs.cancel(id);
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.tree().path("state").asText()).isEqualTo("cancelled");
    assertThat(reply.tree().path("error").isNull()).isTrue();
    assertThat(pull.isLeftWithin(Duration.ofSeconds(2))).isTrue();
    var twice = jobs.cancel(id);
    assertThat(twice.status()).isEqualTo(409);
    assertThat(twice.error().path("code").asText()).isEqualTo("job_finished");
  }

  @Test
  void aJobThatIsOverIsSeenInTheCatalog() throws Exception {
    ollama.on("POST /api/generate", call -> call.json(200, "{\"done\":true}"));
    ollama.on("POST /api/show", call -> call.json(404, "{\"error\":\"not found\"}"));
    try {
      for (var state : List.of("loaded", "not loaded")) {
        boolean loads = state.equals("loaded");
        ollama.on("GET /api/tags", call -> call.json(200, TAGS));
        ollama.on("GET /api/ps", call -> call.json(200, loads ? TAGS : "{\"models\":[]}"));
        jobs.run(loads ? "load" : "unload", "{'model_name':'fake~seen:1b'}", "succeeded");
        var model = gateway.client().get("/llm/services/fake/models/seen:1b").tree();
        assertThat(model.path("state").asText()).isEqualTo(state);
      }
      ollama.on("GET /api/tags", call -> {}); // a service that hangs holds no job up
      var id = jobs.id("load", "{'model_name':'fake~seen:1b'}");
      jobs.await(id, "succeeded");
    } finally {
      ollama.on("GET /api/tags", call -> call.json(200, "{\"models\":[]}"));
    }
  }

  @Test
  void oneThatWaitsIsCancelledBeforeItBegins() throws Exception {
    var first = jobs.id("install", "{'model_name':'fake~first'}");
    var pull = ollama.next();
    var second = jobs.id("install", "{'model_name':'fake~second'}");
    assertThat(jobs.job(second).path("state").asText()).isEqualTo("queued");
    assertThat(jobs.cancel(second).tree().path("state").asText()).isEqualTo("cancelled");
    pull.stream("application/x-ndjson").send(SUCCESS).end();
    jobs.await(first, "succeeded");
    assertThat(jobs.cancel(first).status()).isEqualTo(409);
    assertThat(ollama.waiting()).isZero();
  }

  @Test
  void aPullThatBreaksOffIsBegunAgain() throws Exception {
    var id = jobs.id("install", "{'model_name':'fake~breaks'}");
    ollama.next().stream("application/x-ndjson").send(LAYER.formatted(500)).close();
    var again = ollama.next();
    assertThat(again.text()).contains("breaks");
    again.stream("application/x-ndjson").send(SUCCESS).end();
    jobs.await(id, "succeeded");
  }

  @Test
  void loadsUnloadsAndDeletes() throws Exception {
    ollama.on(
        "POST /api/generate", call -> call.json(200, "{\"done\":true,\"done_reason\":\"load\"}"));
    ollama.on("DELETE /api/delete", call -> call.answer(200, null, ""));
    jobs.run("load", "{'model_name':'fake~m:1b'}", "succeeded");
    assertThat(ollama.next().text()).isEqualTo("{\"model\":\"m:1b\",\"stream\":false}");
    jobs.run("unload", "{'model_name':'fake~m:1b'}", "succeeded");
    assertThat(ollama.next().text()).contains("\"keep_alive\":0");
    jobs.run("delete", "{'model_name':'fake~m:1b'}", "succeeded");
    assertThat(ollama.next().text()).isEqualTo("{\"model\":\"m:1b\"}");
  }

  @Test
  void aUrlIsNoName() {
    var params = "{'model_name':'fake~x','url':'https://example.org/x.gguf'}";
    var error = jobs.run("install", params, "failed").path("error");
    assertThat(error.path("message").asText()).contains("params.url");
    assertThat(ollama.waiting()).isZero();
  }

  @Test
  void anUnknownModelCannotBeLoaded() {
    ollama.on("POST /api/generate", call -> call.json(404, "{\"error\":\"model 'x' not found\"}"));
    var job = jobs.run("load", "{'model_name':'fake~x'}", "failed");
    assertThat(job.path("error").path("code").asText()).isEqualTo("model_not_found");
  }

  @Test
  void importsAFile() throws Exception {
    var file = Files.writeString(Path.of("target").toAbsolutePath().resolve("mine.gguf"), "GGUF-x");
    ollama.on("POST /api/create", call -> call.stream("application/x-ndjson").send(SUCCESS).end());
    var refused =
        jobs.ask("{'type':'import','params':{'model_name':'fake~mine','path':'" + file + "'}}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().path("code").asText()).isEqualTo("path_not_allowed");
    try (var wider =
        PackagedGateway.before(
            ollama, "ollama", "caravan.local.import-roots=" + file.getParent())) {
      var id =
          new JobClient(wider).id("import", "{'model_name':'fake~mine','path':'" + file + "'}");
      var blob = ollama.next();
      assertThat(blob.uri()).startsWith("/api/blobs/sha256:");
      assertThat(blob.text()).isEqualTo("GGUF-x");
      blob.answer(201, null, "");
      assertThat(ollama.next().text()).contains("\"model.gguf\":\"sha256:");
      new JobClient(wider).await(id, "succeeded");
    }
  }
}

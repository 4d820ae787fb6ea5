package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Models of the services that are polled, or tell of their progress by events. */
class OtherJobsIT {

  private FakeService fake = FakeService.start();
  private PackagedGateway gateway;

  @AfterEach
  void stop() {
    if (gateway != null) gateway.close();
    fake.close();
  }

  @Test
  void lmStudioIsPolled() throws Exception {
    var polls = new AtomicInteger();
    fake.on(
        "POST /api/v1/models/download",
        call -> call.json(200, wire("lmstudio/v1.download.response")));
    fake.on(
        "GET /api/v1/models/download/status/job_493c7c9ded",
        call ->
            call.json(
                200,
                polls.incrementAndGet() < 3
                    ? "{\"job_id\":\"j\",\"status\":\"downloading\",\"total_size_bytes\":100,\"downloaded_bytes\":40}"
                    : wire("lmstudio/v1.download.status")));
    fake.on("GET /api/v1/models", call -> call.json(200, wire("lmstudio/v1.models")));
    fake.on("POST /api/v1/models/load", call -> call.json(200, wire("lmstudio/v1.load.response")));
    fake.on("POST /api/v1/models/unload", call -> call.json(200, "{\"instance_id\":\"x\"}"));
    var jobs = before("lmstudio");
    var done = jobs.run("install", "{'model_name':'fake~openai/gpt-oss-20b'}", "succeeded");
    assertThat(done.path("progress").path("done").asLong()).isEqualTo(2279145003L);
    assertThat(fake.next().text()).isEqualTo("{\"model\":\"openai/gpt-oss-20b\"}");
    jobs.run("load", "{'model_name':'fake~m','options':{'context_length':4096}}", "succeeded");
    assertThat(fake.next().text()).isEqualTo("{\"model\":\"m\",\"context_length\":4096}");
    jobs.run("unload", "{'model_name':'fake~google/gemma-4-26b-a4b'}", "succeeded");
    assertThat(fake.next().text()).isEqualTo("{\"instance_id\":\"google/gemma-4-26b-a4b\"}");
    error(jobs.run("unload", "{'model_name':'fake~none'}", "failed"), "model_not_found", "none");
    var old = "{'error':'Unexpected endpoint or method. (POST /api/v1/models/load)'}";
    fake.on("POST /api/v1/models/load", call -> call.json(200, Requests.json(old)));
    error(jobs.run("load", "{'model_name':'fake~m'}", "failed"), null, "Unexpected endpoint");
    fake.on("POST /api/v1/models/unload", call -> call.json(200, Requests.json(old)));
    var gemma = "{'model_name':'fake~google/gemma-4-26b-a4b'}";
    error(jobs.run("unload", gemma, "failed"), null, "Unexpected endpoint");
    var refused = jobs.ask("{'type':'delete','params':{'model_name':'fake~m'}}");
    assertThat(refused.status()).isEqualTo(501);
    assertThat(refused.error().path("code").asText()).isEqualTo("not_supported");
    assertThat(refused.error().path("message").asText()).contains("DeleteModel");
  }

  @Test
  void lmStudioCannotStopADownloadAndTheJobSaysSo() throws Exception {
    fake.on(
        "POST /api/v1/models/download",
        call -> call.json(200, wire("lmstudio/v1.download.response")));
    fake.on(
        "GET /api/v1/models/download/status/job_493c7c9ded",
        call -> call.json(200, wire("lmstudio/v1.download.response")));
    var jobs = before("lmstudio");
    var id = jobs.id("install", "{'model_name':'fake~m'}");
    Await.until("progress", () -> jobs.job(id).path("progress").hasNonNull("stage"));
    var ended = jobs.cancel(id).tree();
    assertThat(ended.path("state").asText()).isEqualTo("cancelled");
    assertThat(ended.path("error").path("code").asText()).isEqualTo("not_stopped");
    assertThat(ended.path("error").path("message").asText()).contains("LoadModelCancel");
  }

  @Test
  void localAiIsPolledAndCancelled() throws Exception {
    var state = new String[] {wire("localai/job.running")};
    fake.on("POST /models/apply", call -> call.json(200, wire("localai/apply.response")));
    var uuid = "251475c9-f666-11ed-95e0-9a8a4480ac58";
    fake.on("GET /models/jobs/" + uuid, call -> call.json(200, state[0]));
    fake.on("POST /api/operations/" + uuid + "/cancel", call -> call.json(200, "{}"));
    fake.on("POST /models/delete/a%20b", call -> call.json(200, wire("localai/apply.response")));
    var jobs = before("localai");
    var id = jobs.id("install", "{'model_name':'fake~localai@phi-2'}");
    Await.until("progress", () -> jobs.job(id).path("progress").path("done").asInt() == 38);
    assertThat(fake.next().text()).isEqualTo("{\"id\":\"localai@phi-2\"}");
    assertThat(jobs.cancel(id).tree().path("state").asText()).isEqualTo("cancelled");
    assertThat(fake.next().uri()).endsWith("/cancel");
    state[0] = wire("localai/job.failed");
    var failed = jobs.run("install", "{'model_name':'fake~nope'}", "failed");
    error(failed, "model_not_found", "no model found");
    state[0] = wire("localai/job.done");
    jobs.run("delete", "{'model_name':'fake~a b'}", "succeeded");
    loadThatIsCancelled(jobs);
  }

  /** LocalAI loads on, and says no until there is something to be unloaded. */
  private void loadThatIsCancelled(JobClient jobs) throws Exception {
    fake.forgetCalls();
    var shutdowns = new AtomicInteger();
    var idle = Requests.json("{'error':{'code':500,'message':'model not found'}}");
    fake.on("POST /backend/load", call -> {});
    fake.on(
        "POST /backend/shutdown",
        call -> {
          boolean loaded = shutdowns.incrementAndGet() == 2;
          call.json(loaded ? 200 : 500, loaded ? "" : idle);
        });
    var id = jobs.id("load", "{'model_name':'fake~m'}");
    var load = fake.next();
    jobs.cancel(id);
    assertThat(load.isLeftWithin(Duration.ofSeconds(2))).isTrue();
    assertThat(fake.next().uri()).isEqualTo("/backend/shutdown");
    assertThat(jobs.await(id, "cancelled").path("error").isNull()).isTrue();
    assertThat(shutdowns.get()).isEqualTo(2);
    assertThat(gateway.console()).as("what is asked afterwards").doesNotContain("not available");
    fake.on("POST /backend/shutdown", call -> call.json(500, idle));
    jobs.run("unload", "{'model_name':'fake~m'}", "succeeded");
    error(jobs.run("unload", "{'model_name':'fake~none'}", "failed"), "model_not_found", "none");
  }

  private static void error(JsonNode job, String code, String words) {
    assertThat(job.path("error").path("code").asText(null)).isEqualTo(code);
    assertThat(job.path("error").path("message").asText()).contains(words);
  }

  @Test
  void aRouterTellsByEvents() throws Exception {
    fake.on(
        "GET /models/sse",
        call -> {
          call.stream();
          events.complete(call);
        });
    fake.on("POST /models/load", call -> call.json(200, "{\"success\":true}"));
    fake.on("POST /models/unload", call -> call.json(200, "{\"success\":true}"));
    var jobs = before("llama-server");
    var id = jobs.id("load", "{'model_name':'fake~m'}");
    var stream = events.get(10, TimeUnit.SECONDS);
    assertThat(fake.next().uri()).isEqualTo("/models/load");
    stream.event(
        "{\"model\":\"m\",\"event\":\"model_status\",\"data\":{\"status\":\"loading\",\"progress\":{\"current\":\"text_model\",\"value\":0.5}}}");
    Await.until("half", () -> jobs.job(id).path("progress").path("done").asInt() == 50);
    stream.event("{\"model\":\"m\",\"event\":\"model_status\",\"data\":{\"status\":\"loaded\"}}");
    jobs.await(id, "succeeded");
    assertThat(stream.isLeftWithin(Duration.ofSeconds(2))).isTrue();
    var streams = new java.util.concurrent.LinkedBlockingQueue<FakeCall>();
    fake.on("GET /models/sse", call -> streams.add(call.stream()));
    fake.on("POST /models", call -> call.json(200, "{\"success\":true}"));
    fake.on(
        "GET /models",
        call ->
            call.json(
                200, Requests.json("{'data':[{'id':'d','status':{'value':'downloading'}}]}")));
    var download = jobs.id("install", "{'model_name':'fake~d'}");
    assertThat(fake.next().uri()).isEqualTo("/models");
    streams.poll(10, TimeUnit.SECONDS).close();
    var joined = streams.poll(10, TimeUnit.SECONDS);
    joined.event("{\"model\":\"d\",\"event\":\"download_finished\",\"data\":{}}");
    jobs.await(download, "succeeded"); // and it was asked for once: the next call is another one
    var other = jobs.id("load", "{'model_name':'fake~n'}");
    assertThat(fake.next().text()).contains("\"n\"");
    assertThat(jobs.cancel(other).tree().path("error").isNull()).isTrue();
    assertThat(fake.next().uri()).isEqualTo("/models/unload");
  }

  @Test
  void whatARouterHasAlreadyIsASuccess() throws Exception {
    var streams = new java.util.concurrent.LinkedBlockingQueue<FakeCall>();
    fake.on("GET /v1/models", call -> call.json(404, "{}")); // an old router has /models alone
    fake.on("GET /models", call -> call.json(200, wire("llamacpp/router.models")));
    fake.on(
        "GET /models/sse",
        call -> {
          call.stream();
          streams.add(call);
        });
    var running = Requests.json("{'error':{'code':400,'message':'model is already running'}}");
    var idle = Requests.json("{'error':{'code':400,'message':'model is not running'}}");
    var unknown = Requests.json("{'error':{'code':404,'message':'model not found'}}");
    fake.on("POST /models/load", call -> call.json(400, running));
    fake.on("POST /models", call -> call.json(400, running));
    fake.on("POST /models/unload", call -> call.json(400, idle));
    var jobs = before("llama-server");
    var loaded = "{'model_name':'fake~ggml-org/gemma-3-4b-it-GGUF:Q4_K_M'}";
    for (var type : new String[] {"load", "install"}) {
      jobs.run(type, loaded, "succeeded");
      assertThat(streams.take().isLeftWithin(Duration.ofSeconds(2))).isTrue();
    }
    jobs.run("unload", "{'model_name':'fake~x'}", "succeeded");
    var download = jobs.id("install", "{'model_name':'fake~x'}"); // goes on at the service
    var stream = streams.take();
    stream.event("{\"model\":\"x\",\"event\":\"download_finished\",\"data\":{}}");
    jobs.await(download, "succeeded");
    fake.on("POST /models/load", call -> call.json(404, unknown));
    error(jobs.run("load", "{'model_name':'fake~nope'}", "failed"), "model_not_found", "not found");
    assertThat(streams.take().isLeftWithin(Duration.ofSeconds(2))).isTrue();
    var loads = new AtomicInteger();
    var busy = Requests.json("{'error':{'code':503,'message':'busy'}}");
    var no = Requests.json("{'success':false,'message':'no room'}");
    fake.on(
        "POST /models/load",
        call -> call.json(loads.getAndIncrement() == 0 ? 503 : 200, loads.get() == 1 ? busy : no));
    error(jobs.run("load", "{'model_name':'fake~nope'}", "failed"), null, "no room");
    assertThat(loads.get()).as("a service that is busy is asked again").isEqualTo(2);
    fake.on("GET /models/sse", call -> call.json(404, "{}"));
    var single = jobs.run("load", loaded, "failed").path("error");
    assertThat(single.path("code").asText()).isEqualTo("not_supported");
    assertThat(single.path("message").asText()).contains("LoadModel");
  }

  @Test
  void theStateOfEachModelIsAskedForWhereThatIsTheOnlyWay() throws Exception {
    fake.on("GET /v1/models", call -> call.json(200, wire("localai/models")));
    fake.on("GET /system", call -> call.json(404, "{}"));
    var state = new AtomicReference<>("{\"state\":2}");
    fake.on(
        "GET /backend/monitor",
        call -> {
          assertThat(call.uri()).endsWith("?model=llama-3.2-1b-instruct:q4_k_m");
          call.json(200, state.get());
        });
    before("localai");
    var model = "/llm/services/fake/models/llama-3.2-1b-instruct:q4_k_m";
    awaitState(model, "loaded");
    state.set("{\"state\":-1}");
    awaitState(model, "not loaded");
    gateway.close();
    fake.on("GET /v1/models", call -> call.json(200, wire("cortex/models")));
    var path = "GET /v1/models/status/llama3.2:3b-gguf-q4-km";
    fake.on(path, call -> call.json(200, "{\"message\":\"Model is running\"}"));
    before("cortex");
    awaitState("/llm/services/fake/models/llama3.2:3b-gguf-q4-km", "loaded");
  }

  private void awaitState(String model, String state) throws Exception {
    Await.until(
        state,
        () -> {
          gateway.client().get("/llm/services/fake/ping");
          return gateway.client().get(model).tree().path("state").asText().equals(state);
        });
  }

  private final CompletableFuture<FakeCall> events = new CompletableFuture<>();

  @Test
  void cortexTellsOverAWebSocket() throws Exception {
    var vertx = Vertx.vertx();
    var there = new AtomicReference<>("");
    var sockets = new java.util.concurrent.LinkedBlockingQueue<ServerWebSocket>();
    var asked = new java.util.concurrent.LinkedBlockingQueue<String>();
    HttpServer cortex =
        vertx
            .createHttpServer()
            .webSocketHandler(sockets::add)
            .requestHandler(
                request ->
                    request
                        .body()
                        .onSuccess(
                            body -> {
                              if (!request.method().name().equals("GET"))
                                asked.add(request.method() + " " + request.uri() + " " + body);
                              request
                                  .response()
                                  .putHeader("Content-Type", "application/json")
                                  .setStatusCode(body.toString().contains("twice") ? 400 : 200)
                                  .end(
                                      Requests.json(
                                          "{'message':'Model already downloaded','data':[%s],'task':{'id':'t'}}"
                                              .formatted(there.get())));
                            }));
    try {
      cortex
          .listen(0, "127.0.0.1")
          .toCompletionStage()
          .toCompletableFuture()
          .get(5, TimeUnit.SECONDS);
      gateway =
          Launch.with(
                  "caravan.service.fake.provider=cortex",
                  "caravan.service.fake.urls=http://127.0.0.1:" + cortex.actualPort())
              .start();
      var jobs = new JobClient(gateway);
      var id = jobs.id("install", "{'model_name':'fake~tiny:1b'}");
      var socket = sockets.poll(10, TimeUnit.SECONDS);
      assertThat(asked.poll(10, TimeUnit.SECONDS))
          .isEqualTo("POST /v1/models/pull {\"model\":\"tiny:1b\"}");
      socket.writeTextMessage(event("DownloadUpdated", 40));
      Await.until("forty", () -> jobs.job(id).path("progress").path("done").asInt() == 40);
      socket.writeTextMessage(event("DownloadSuccess", 100));
      jobs.await(id, "succeeded");
      var other = jobs.id("install", "{'model_name':'fake~other'}");
      asked.poll(10, TimeUnit.SECONDS);
      Await.until("begun", () -> jobs.job(other).path("state").asText().equals("running"));
      assertThat(jobs.cancel(other).tree().path("error").isNull()).isTrue();
      assertThat(asked.poll(10, TimeUnit.SECONDS))
          .isEqualTo("DELETE /v1/models/pull {\"taskId\":\"t\"}");
      jobs.run("install", "{'model_name':'fake~twice'}", "succeeded");
      assertThat(asked.poll(10, TimeUnit.SECONDS)).contains("pull", "twice");
      sockets.clear();
      var unheard = jobs.id("install", "{'model_name':'fake~unheard'}");
      assertThat(asked.poll(10, TimeUnit.SECONDS)).contains("pull", "unheard");
      there.set("{'id':'unheard','status':'downloaded'}");
      sockets.poll(10, TimeUnit.SECONDS).close();
      jobs.await(unheard, "succeeded");
      sockets.clear();
      var dropped = jobs.id("install", "{'model_name':'fake~dropped'}");
      assertThat(asked.poll(10, TimeUnit.SECONDS)).contains("pull", "dropped");
      sockets.poll(10, TimeUnit.SECONDS).close();
      var next = sockets.poll(10, TimeUnit.SECONDS);
      next.writeTextMessage(event("DownloadUpdated", 60));
      Await.until("sixty", () -> jobs.job(dropped).path("progress").path("done").asInt() == 60);
      next.close(); // and now nothing of it comes any more
      assertThat(sockets.poll(10, TimeUnit.SECONDS)).isNotNull();
      assertThat(asked.poll(20, TimeUnit.SECONDS)).contains("pull", "dropped");
      sockets.poll(10, TimeUnit.SECONDS).writeTextMessage(event("DownloadSuccess", 100));
      jobs.await(dropped, "succeeded");
      assertThat(asked).as("it was asked for once more, not twice").isEmpty();
      jobs.run("delete", "{'model_name':'fake~a:b'}", "succeeded");
      assertThat(asked.poll(10, TimeUnit.SECONDS)).isEqualTo("DELETE /v1/models/a:b ");
    } finally {
      vertx.close();
    }
  }

  private JobClient before(String provider) throws Exception {
    gateway = PackagedGateway.before(fake, provider);
    return new JobClient(gateway);
  }

  private static String event(String type, int done) {
    return "{\"type\":\"%s\",\"task\":{\"id\":\"t\",\"items\":[{\"bytes\":100,\"downloadedBytes\":%d}]}}"
        .formatted(type, done);
  }

  private static String wire(String name) {
    try {
      return Files.readString(
          Path.of("src/test/resources/wire/" + name + ".json"), StandardCharsets.UTF_8);
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}

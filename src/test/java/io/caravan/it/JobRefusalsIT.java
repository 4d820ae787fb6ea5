package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code /jobs} says to requests that make no sense, and to services that are too slow. */
class JobRefusalsIT {

  private static FakeService ollama;
  private static PackagedGateway gateway;
  private static JobClient jobs;

  @BeforeAll
  static void start() throws Exception {
    ollama = FakeService.start().on("GET /api/tags", call -> call.json(200, "{\"models\":[]}"));
    gateway =
        PackagedGateway.before(
            ollama,
            "ollama",
            "caravan.service.g.provider=gpt4all",
            "caravan.jobs.load-timeout-sec=1",
            "caravan.jobs.stall-timeout-sec=3");
    jobs = new JobClient(gateway);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    ollama.close();
  }

  @Test
  void saysWhatToMend() {
    refused(400, "type", "{'params':{'model_name':'fake~m'}}");
    refused(400, "type", "{'type':'remove','params':{'model_name':'fake~m'}}");
    refused(400, "params", "{'type':'load'}");
    refused(400, "params", "{'type':'load','params':{'model_name':'fake~m','colour':1}}");
    refused(400, "params.service_name", "{'type':'load','params':{'model_name':'m'}}");
    refused(400, "params.model_name", "{'type':'load','params':{'service_name':'fake'}}");
    for (var name : List.of("7", "{}", "''", "[]", "true")) {
      var params = "{'service_name':'fake','model_name':" + name + ",'url':'http://h/x.gguf'}";
      refused(400, "params.model_name", "{'type':'install','params':" + params + "}");
    }
    refused(400, "params.path", "{'type':'import','params':{'model_name':'fake~m'}}");
    refused(
        400, "params.sha256", "{'type':'install','params':{'model_name':'fake~m','sha256':'12'}}");
    for (var name : List.of("model_name", "path", "url", "revision", "service_name")) {
      var model = name.equals("model_name") ? "" : "'model_name':'m',";
      var service = name.equals("service_name") ? "" : "'service_name':'fake',";
      var params = "{" + model + service + "'" + name + "':'h:" + "x".repeat(9000) + "'}";
      refused(400, "params." + name, "{'type':'install','params':" + params + "}");
    }
    refused(400, null, "[]");
    for (var path : List.of("/etc/passwd", "../../etc/passwd", "models/../../x.gguf")) {
      refused(
          400,
          "params.path",
          "{'type':'import','params':{'model_name':'fake~m','path':'" + path + "'}}");
    }
  }

  @Test
  void unknownServicesAndJobsAreNotFound() {
    var service = jobs.ask("{'type':'load','params':{'model_name':'none~m'}}");
    assertThat(service.status()).isEqualTo(404);
    assertThat(service.error().path("code").asText()).isEqualTo("service_not_found");
    for (var path : List.of("/jobs/none", "/jobs/none/events")) {
      assertThat(gateway.client().get(path).error().path("code").asText())
          .isEqualTo("job_not_found");
    }
    assertThat(jobs.cancel("none").status()).isEqualTo(404);
    assertThat(gateway.client().get("/jobs?state=none").status()).isEqualTo(400);
    assertThat(gateway.client().get("/jobs?limit=x").status()).isEqualTo(400);
  }

  @Test
  void namesTheCapabilityThatIsMissing() {
    var refused = jobs.ask("{'type':'unload','params':{'model_name':'g~m'}}");
    assertThat(refused.status()).isEqualTo(501);
    assertThat(refused.error().path("code").asText()).isEqualTo("not_supported");
    assertThat(refused.error().path("message").asText()).contains("UnloadModel");
  }

  @Test
  void aLoadThatTakesTooLongIsEndedByOurOwnTimer() throws Exception {
    var id = jobs.id("load", "{'model_name':'fake~slow'}");
    var call = ollama.next();
    var job = jobs.await(id, "failed");
    assertThat(job.path("error").path("code").asText()).isEqualTo("job_timeout");
    assertThat(call.isLeftWithin(Duration.ofSeconds(2))).isTrue();
  }

  @Test
  void anInstallationWithoutProgressIsEnded() throws Exception {
    var id = jobs.id("install", "{'model_name':'fake~stalls'}");
    var call = ollama.next();
    while (!call.text().contains("stalls")) call = ollama.next(); // those of other tests
    call.stream("application/x-ndjson").send("{\"status\":\"pulling\"}\n");
    var job = jobs.await(id, "failed");
    assertThat(job.path("error").path("code").asText()).isEqualTo("job_timeout");
    assertThat(job.path("error").path("message").asText()).startsWith("No progress for 3 s");
    assertThat(call.isLeftWithin(Duration.ofSeconds(2))).isTrue();
  }

  @Test
  void listsByStateAndService() {
    var done = jobs.id("install", "{'model_name':'fake~x'}");
    Await.until("listed", () -> ids("/jobs?service=fake").contains(done));
    assertThat(ids("/jobs?service=other")).isEmpty();
    assertThat(ids("/jobs?limit=1")).hasSize(1);
    assertThat(jobs.cancel(done).status()).isIn(200, 202);
    assertThat(ids("/jobs?state=cancelled")).contains(done);
  }

  private static List<String> ids(String path) {
    return gateway.client().get(path).tree().path("data").findValuesAsText("id");
  }

  private static void refused(int status, String param, String request) {
    var reply = jobs.ask(request);
    assertThat(reply.status()).as(request).isEqualTo(status);
    assertThat(reply.error().path("param").asText(null)).as(request).isEqualTo(param);
  }
}

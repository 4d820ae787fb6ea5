package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.store.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Jobs of two nodes that share a PostgreSQL, and of a gateway that is killed. */
class JobNodesIT {

  private static final long OUTAGE_MILLIS = 8000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String SUCCESS = "{\"status\":\"success\"}\n";

  @Test
  void twoNodesRunEachJobOnceAndOneTakesOverFromTheOther() throws Exception {
    var database = "caravan.database.url=" + TestDatabases.postgresql().url();
    try (var ollama = ollama();
        var one =
            PackagedGateway.before(ollama, "ollama", database, "caravan.jobs.per-service=20");
        var two =
            PackagedGateway.before(ollama, "ollama", database, "caravan.jobs.per-service=20")) {
      var pulls = new AtomicInteger();
      ollama.on(
          "POST /api/pull",
          call -> {
            pulls.incrementAndGet();
            call.stream("application/x-ndjson").send(SUCCESS).end();
          });
      var here = new JobClient(one);
      var there = new JobClient(two);
      var ids = new ArrayList<String>();
      for (int i = 0; i < 10; i++) {
        ids.add((i % 2 == 0 ? here : there).id("install", "{'model_name':'fake~m" + i + "'}"));
      }
      for (var id : ids) there.await(id, "succeeded");
      assertThat(pulls).hasValue(10);
      ollama.forget();
      takesOver(ollama, one, here, there);
    }
  }

  private static void takesOver(
      FakeService ollama, PackagedGateway one, JobClient here, JobClient there) throws Exception {
    var id = here.id("install", "{'model_name':'fake~over'}");
    ollama.next().stream("application/x-ndjson").send("{\"status\":\"pulling manifest\"}\n");
    there.await(id, "running");
    one.close();
    var again = ollama.next();
    assertThat(again.text()).contains("over");
    again.stream("application/x-ndjson").send(SUCCESS).end();
    there.await(id, "succeeded");
  }

  @Test
  void aKilledGatewayResumesAPullAndSaysThatALoadWasInterrupted() throws Exception {
    try (var ollama = ollama()) {
      var launch =
          Launch.with(
              "caravan.service.fake.provider=ollama", "caravan.service.fake.urls=" + ollama.url());
      String pull;
      String load;
      try (var first = launch.start()) {
        var jobs = new JobClient(first);
        pull = jobs.id("install", "{'model_name':'fake~a'}");
        ollama.next().stream("application/x-ndjson").send("{\"status\":\"pulling manifest\"}\n");
        load = jobs.id("load", "{'model_name':'fake~b'}");
        ollama.next();
        jobs.await(load, "running");
      }
      try (var second = launch.start()) {
        var again = ollama.next();
        assertThat(again.uri()).isEqualTo("/api/pull");
        again.stream("application/x-ndjson").send(SUCCESS).end();
        var jobs = new JobClient(second);
        jobs.await(pull, "succeeded");
        var lost = jobs.await(load, "interrupted");
        assertThat(lost.path("error").path("code").asText()).isEqualTo("interrupted");
      }
    }
  }

  @Test
  void aGatewayThatIsToldToEndGoesOnAfterItsNextStart() throws Exception {
    try (var ollama = ollama()) {
      var launch =
          Launch.with(
              "caravan.service.fake.provider=ollama", "caravan.service.fake.urls=" + ollama.url());
      String pull;
      try (var first = launch.start()) {
        pull = new JobClient(first).id("install", "{'model_name':'fake~a'}");
        var call = ollama.next().stream("application/x-ndjson");
        call.send("{\"status\":\"pulling manifest\"}\n");
        first.terminate();
        assertThat(call.isLeftWithin(Duration.ofSeconds(5))).isTrue();
        Await.until("it ends", () -> !first.isRunning());
      }
      try (var second = launch.start()) {
        ollama.next().stream("application/x-ndjson").send(SUCCESS).end();
        new JobClient(second).await(pull, "succeeded");
      }
    }
  }

  @Test
  @Timeout(100) // a server is set up and started twice, and away for a while
  void aDatabaseThatIsAwayLosesNoEndOfAJob() throws Exception {
    var folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "outage-").toFile();
    var server = TestDatabases.server(folder, 0);
    var database = "caravan.database.url=" + server.getJdbcUrl("postgres", "postgres");
    try (var ollama = ollama();
        var gateway = PackagedGateway.before(ollama, "ollama", database)) {
      var jobs = new JobClient(gateway);
      var pull = jobs.id("install", "{'model_name':'fake~a'}");
      var pulling = ollama.next().stream("application/x-ndjson");
      pulling.send("{\"status\":\"pulling manifest\"}\n");
      var load = jobs.id("load", "{'model_name':'fake~b'}");
      var loading = ollama.next();
      jobs.await(load, "running");
      try (var other = PackagedGateway.before(ollama, "ollama", database)) {
        new JobClient(other).await(load, "running");
        server.close();
        pulling.send(SUCCESS).end();
        loading.json(200, "{\"done\":true}");
        jobs.await(pull, "succeeded");
        jobs.await(load, "succeeded");
        Await.time(OUTAGE_MILLIS); // longer than a node may be silent before it counts as dead
        server = TestDatabases.server(folder, server.getPort());
        Await.until("both are written", PATIENCE, () -> ended(other) == 2);
        assertThat(ollama.waiting()).as("neither is run again").isZero();
        assertThat(gateway.console()).containsOnlyOnce("Jobs cannot be written");
      }
    } finally {
      server.close();
    }
  }

  private static int ended(PackagedGateway gateway) {
    var page = gateway.client().get("/jobs?state=succeeded");
    return page.status() == 200 ? page.tree().path("total").asInt() : 0;
  }

  private static FakeService ollama() {
    return FakeService.start().on("GET /api/tags", call -> call.json(200, "{\"models\":[]}"));
  }
}

package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's files and its events over HTTP, without a browser. */
class WebPageIT {

  private static final String BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8";
  private static final int MOST_LISTENERS = 3;

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start().models("<b>m</b>");
    gateway =
        PackagedGateway.before(
            fake, "openai-compatible", "caravan.events.max-listeners=" + MOST_LISTENERS);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @Test
  void aBrowserGetsThePage() {
    var page = get("/", "Accept", BROWSER);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("content-type")).isEqualTo("text/html; charset=utf-8");
    assertThat(page.header("vary")).isEqualTo("Accept");
    assertThat(page.body()).startsWith("<!doctype html>");
  }

  @Test
  void othersGetWhatAnUnknownUrlGets() {
    for (var method : new String[] {"GET", "POST", "DELETE"}) {
      var here = gateway.client().call(method, "/", BodyPublishers.noBody());
      var nowhere = gateway.client().call(method, "/nowhere", BodyPublishers.noBody());
      assertThat(here.status()).isEqualTo(404);
      assertThat(here.body()).isEqualTo(nowhere.body().replace("/nowhere", "/"));
    }
  }

  @Test
  void everythingOfItComesGuardedAndTogetherIsSmall() {
    long bytes = 0;
    var page = get("/", "Accept", BROWSER);
    for (var path : paths(page.body())) {
      var file = get(path);
      assertThat(file.status()).as(path).isEqualTo(200);
      assertGuarded(file);
      bytes += file.body().length();
    }
    assertGuarded(page);
    assertThat(bytes + page.body().length()).isBetween(50_000L, 200_000L);
  }

  private static void assertGuarded(Client.Reply file) {
    assertThat(file.header("content-security-policy"))
        .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
        .doesNotContain("unsafe", "http", "*");
    assertThat(file.header("x-content-type-options")).isEqualTo("nosniff");
    assertThat(file.header("referrer-policy")).isEqualTo("no-referrer");
    assertThat(file.header("cache-control")).isEqualTo("no-cache");
  }

  @Test
  void whatABrowserHasIsNotSentAgain() {
    for (var path : new String[] {"/", "/web/app.js"}) {
      var tag = get(path, "Accept", BROWSER).header("etag");
      var again = get(path, "Accept", BROWSER, "If-None-Match", tag);
      assertThat(again.status()).isEqualTo(304);
      assertThat(again.body()).isEmpty();
      assertThat(again.header("etag")).isEqualTo(tag);
      assertThat(get(path, "Accept", BROWSER, "If-None-Match", "\"x\"").status()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/web",
        "/web/",
        "/web/nothing.js",
        "/web/../application.properties",
        "/web/%2e%2e/application.properties",
        "/web/..%2fapplication.properties",
        "/web/%2e%2e%2fapplication.properties",
        "/web/..%5capplication.properties",
        "/web/....//application.properties",
        "/web//etc/passwd",
        "/web/%2fetc%2fpasswd",
        "/web/file:/etc/passwd",
        "/web/app.js%00.html",
        "/web/app.js/",
        "/web/APP.JS",
        "/../../etc/passwd",
        "/application.properties"
      })
  void noPathLeadsElsewhere(String path) throws Exception {
    var request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    try (var call = RawCall.sending(gateway, request)) {
      assertThat(call.status()).isIn(400, 404);
      assertThat(call.text()).contains("invalid_request_error").doesNotContain("caravan.server");
    }
  }

  @Test
  void onlyReadingIsPossible() {
    var refused = gateway.client().post("/web/app.js", "{}");
    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("allow")).isEqualTo("GET, HEAD");
    var head = gateway.client().call("HEAD", "/web/app.js", BodyPublishers.noBody());
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.body()).isEmpty();
  }

  @Test
  void eventsTellEverythingThenWhatIsNew() throws Exception {
    Await.until(
        "the model is known", () -> gateway.client().get("/v1/models").body().contains("m"));
    try (var call = events()) {
      assertThat(call.header("content-type")).startsWith("text/event-stream");
      assertThat(call.header("cache-control")).isEqualTo("no-cache");
      var first = data(call);
      var service = first.path("services").get(0);
      assertThat(service.path("name").asText()).isEqualTo("fake");
      assertThat(service.path("status").asText()).isEqualTo("up");
      assertThat(service.path("latency_ms").isNumber()).isTrue();
      assertThat(service.path("in_flight").asInt()).isZero();
      assertThat(first.path("models").get(0).path("id").asText()).isEqualTo("fake~<b>m</b>");
      assertThat(first.path("history").path("in_flight").isArray()).isTrue();
      for (var name : new String[] {"in_flight", "tokens_per_sec", "calls_per_sec", "error_rate"}) {
        assertThat(first.path(name).isNumber()).as(name).isTrue();
      }
      assertThat(first.path("jobs").isArray()).isTrue();
      var second = data(call);
      assertThat(second.has("models")).as("what has not changed is not told again").isFalse();
      assertThat(second.path("models_total").asInt()).isEqualTo(1);
    }
    gateway.assertIdle();
  }

  @Test
  void eventsShowCallsAsTheyRun() throws Exception {
    try (var call = events();
        var chat = RawCall.streamedChat(gateway, "fake~<b>m</b>")) {
      var running = fake.next().stream().event(Requests.chunk("one"));
      chat.event();
      Await.until("it is in flight", () -> inFlight(data(call)) == 1);
      for (int i = 0; i < 20; i++) running.event(Requests.chunk("x"));
      Await.until("tokens flow", () -> data(call).path("tokens_per_sec").asDouble() > 1);
      running.done();
      chat.events();
      Await.until("it is over", () -> inFlight(data(call)) == 0);
    }
  }

  @Test
  void eventsCountFailures() throws Exception {
    fake.onChat(call -> call.json(400, Requests.json("{'error':{'message':'no'}}")));
    try (var call = events()) {
      gateway.client().chat("fake~<b>m</b>", "");
      Await.until("a failure shows", () -> data(call).path("error_rate").asDouble() > 0);
    } finally {
      fake.forget();
    }
  }

  @Test
  void onlySoManyListen() throws Exception {
    var listeners = new ArrayList<RawCall>();
    try {
      for (int i = 0; i < MOST_LISTENERS; i++) listeners.add(events());
      for (var listener : listeners) data(listener);
      var refused = get("/api/events");
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("retry-after")).isEqualTo("5");
      assertThat(refused.error().path("message").asText()).contains("max-listeners");
    } finally {
      for (var listener : listeners) listener.close();
    }
    Await.until("there is room again", this::someoneMayListen);
    gateway.assertIdle();
  }

  private boolean someoneMayListen() {
    try (var call = events()) {
      return call.status() == 200;
    } catch (java.io.IOException e) {
      return false;
    }
  }

  @Test
  void whoLooksOnHoldsUpNoEnd() throws Exception {
    try (var other = PackagedGateway.before(fake, "openai-compatible");
        var call = RawCall.sending(other, request())) {
      call.event();
      other.terminate();
      Await.until("the process ends", () -> !other.isRunning());
      assertThat(other.console()).doesNotContain("WARN", "ERROR");
    }
  }

  private static String request() {
    return "GET /api/events HTTP/1.1\r\nHost: localhost\r\n\r\n";
  }

  private static RawCall events() throws java.io.IOException {
    return RawCall.sending(gateway, request());
  }

  private static JsonNode data(RawCall call) throws java.io.IOException {
    return Json.read(call.event().substring("data: ".length()));
  }

  private static int inFlight(JsonNode event) {
    return event.path("services").get(0).path("in_flight").asInt();
  }

  private static Client.Reply get(String path, String... headers) {
    return gateway.client().call("GET", path, BodyPublishers.noBody(), headers);
  }

  private static Iterable<String> paths(String html) {
    return Pattern.compile("(?:src|href)=\"(/web/[^\"]+)\"")
        .matcher(html)
        .results()
        .map(found -> found.group(1))
        .distinct()
        .toList();
  }
}

package io.caravan.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.it.Client.Reply;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A gateway that wants keys: every path, every kind of key, every limit of one. */
class AccessIT {

  private static final String COMPLETION =
      Requests.json(
          "{'id':'c','object':'chat.completion','created':7,'model':'m','choices':[{'index':0,"
              + "'message':{'role':'assistant','content':'hi'},'finish_reason':'stop'}]}");

  private static final Pattern TOKEN = Pattern.compile("sk-caravan-\\S+");

  private static FakeService fake;
  private static Launch launch;
  private static PackagedGateway gateway;
  private static String admin;

  @BeforeAll
  static void start() throws IOException {
    fake = FakeService.start().models("m", "n");
    launch =
        Launch.with(
            "caravan.service.fake.provider=openai-compatible",
            "caravan.service.fake.urls=" + fake.url(),
            "caravan.service.fake.api-key=sk-of-the-service",
            "caravan.service.zero.provider=openai-compatible",
            "caravan.service.zero.urls=" + fake.url().replace("127.0.0.1", "0.0.0.0"),
            "caravan.service.zero.enable-discovery=false",
            "caravan.service.events.provider=cortex",
            "caravan.service.events.urls=" + fake.url().replace("127.0.0.1", "0.0.0.0"),
            "caravan.service.events.enable-discovery=false",
            "caravan.service.mock.provider=mock",
            "caravan.model.fast.targets=mock~echo",
            "caravan.access.required=true",
            "caravan.access.max-failed-attempts=1000",
            "caravan.access.max-concurrent-calls=5",
            "caravan.limits.max-prompt-chars=2000");
    gateway = launch.start();
    admin = token(gateway);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  private static String token(PackagedGateway gateway) {
    Await.until("the console shows the token", () -> TOKEN.matcher(gateway.console()).find());
    var matcher = TOKEN.matcher(gateway.console());
    matcher.find();
    return matcher.group();
  }

  /** The routes are those that run, so that a new one cannot be forgotten. */
  @Test
  void noRouteIsOpenByMistake() {
    var client = create("{'name':'scan'}").path("key").asText();
    var expired =
        create("{'name':'x','expires_at':'" + java.time.Instant.now().plusMillis(800) + "'}");
    var disabled = create("{'name':'y','disabled':true}");
    Await.until(
        "the key expires", () -> get("/v1/models", expired.path("key").asText()).status() == 401);
    var wrong =
        List.of(
            "",
            "wrong",
            "sk-caravan-000000000000-" + "A".repeat(43),
            "Bearer",
            expired.path("key").asText(),
            disabled.path("key").asText());
    var routes = get("/api/routes", admin).tree().path("data");
    assertThat(routes.size()).isGreaterThan(40);
    var open = new ArrayList<String>();
    for (var route : routes) {
      var path = route.path("path").asText().replaceAll("\\{\\w+}", "x").replace("*", "x");
      for (var method : route.path("methods").asText("GET,POST").split(",")) {
        var without = call(method, path, null);
        if (without.status() < 400 || route.path("entrance").asText().equals("open")) {
          open.add(path);
          continue;
        }
        assertRefused(without, 401, "invalid_api_key", method + " " + path);
        for (var key : wrong) {
          var what = method + " " + path + " with " + key;
          assertRefused(call(method, path, key), 401, "invalid_api_key", what);
        }
        if (!route.path("entrance").asText().equals("admin")) continue;
        assertRefused(call(method, path, client), 403, "admin_required", method + " " + path);
      }
    }
    assertThat(open)
        .isSubsetOf("/", "/web/x", "/health", "/health/live", "/health/ready", "/live", "/ready")
        .isNotEmpty();
  }

  @Test
  void noSpellingOfAPathIsAWayIn() throws IOException {
    for (var path :
        List.of(
            "/health/../api/keys",
            "/health/%2e%2e/api/keys",
            "//api/keys",
            "/api//keys",
            "/api/keys/",
            "/API/keys",
            "/api/keys;x=/health",
            "/web/../api/keys",
            "/web/..%2fapi/keys",
            "/web/%2e%2e/metrics",
            "/./api/keys",
            "/v1/../llm/services",
            "/%61pi/keys",
            "/%",
            "/api/keys%zz",
            "/api/keys?x=/health",
            "/nope",
            "*")) {
      var request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      try (var call = RawCall.sending(gateway, request)) {
        assertThat(call.status()).as(path).isIn(400, 401, 404);
        assertThat(call.text()).as(path).contains("\"error\"").doesNotContain("\"data\"");
      }
    }
  }

  /** If nothing kept Caravan from 0.0.0.0 it would find the fake there, on this machine. */
  @Test
  void aServiceAtAnAddressThatNobodyMayNameIsNotCalled() {
    fake.forgetCalls();
    fake.onChat(call -> call.json(200, COMPLETION));
    assertRefused(chat(admin, "zero~m"), 502, "upstream_unreachable", "0.0.0.0");
    assertThat(fake.waiting()).isZero();
  }

  /** A WebSocket's first bytes hold the service's key, so that it may not even be opened. */
  @Test
  void neitherIsASocketOpenedThere() {
    fake.forgetCalls();
    var body = "{'type':'install','params':{'service_name':'events','model_name':'m:1b'}}";
    var job = "/jobs/" + call("POST", "/jobs", admin, body).tree().path("id").asText();
    Await.until("it is refused", () -> get(job, admin).tree().path("error").has("message"));
    assertThat(get(job, admin).tree().path("error").path("message").asText())
        .contains("an address that Caravan must not call");
    assertThat(fake.waiting()).isZero();
    call("DELETE", job, admin);
    Await.until(
        "the log of changes names service and model",
        () -> {
          var details = get("/api/audit?action=create-job", admin).tree().at("/data/0/details");
          return details.path("service").asText().equals("events")
              && details.path("model").asText().equals("m:1b");
        });
  }

  @Test
  void aKeyOpensItsModelsAlone() {
    var key =
        create("{'name':'m','allowed_models':['fake~m','fast'],'scope':'client'}")
            .path("key")
            .asText();
    fake.onChat(call -> call.json(200, COMPLETION));
    assertThat(chat(key, "fake~m").status()).isEqualTo(200);
    assertThat(chat(key, "fast").status()).isEqualTo(200);
    assertRefused(chat(key, "fake~n"), 403, "model_not_allowed", "n");
    assertRefused(chat(key, "mock~echo"), 403, "model_not_allowed", "echo");
    assertThat(get("/v1/models", key).tree().path("data").findValuesAsText("id"))
        .containsExactly("fast", "fake~m");
    var ofService = create("{'name':'s','allowed_services':['mock']}").path("key").asText();
    assertThat(chat(ofService, "mock~echo").status()).isEqualTo(200);
    assertRefused(chat(ofService, "fake~m"), 403, "model_not_allowed", "m");
    for (var model : List.of("fast", "fake~m")) {
      var withFallback = Requests.chat(model, "\"fallbacks\":[\"fake~n\"]");
      assertRefused(
          post("/v1/chat/completions", withFallback, key), 403, "model_not_allowed", model);
    }
  }

  @Test
  void aKeyHasItsLimits() {
    var few = create("{'name':'few','requests_per_minute':2}").path("key").asText();
    assertThat(get("/v1/models", few).status()).isEqualTo(200);
    assertThat(get("/v1/models", few).status()).isEqualTo(200);
    var refused = get("/v1/models", few);
    assertRefused(refused, 429, "rate_limit_exceeded", "requests");
    assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(1, 30);
    var tokens = create("{'name':'tokens','tokens_per_minute':5}").path("key").asText();
    assertThat(chat(tokens, "mock~echo").status()).isEqualTo(200);
    Await.until("its tokens are used up", () -> chat(tokens, "mock~echo").status() == 429);
    fake.onChat(call -> call.json(200, COMPLETION.replace("hi", "x".repeat(400)))); // no usage
    var untold = create("{'name':'untold','tokens_per_minute':60}").path("key").asText();
    assertThat(chat(untold, "fake~m").status()).isEqualTo(200);
    Await.until("its tokens are estimated", () -> chat(untold, "fake~m").status() == 429);
    var tooLong =
        Requests.json(
            "{'model':'mock~echo','messages':[{'role':'user','content':'%s'}]}"
                .formatted("x".repeat(2001)));
    var longest = tooLong.replaceFirst("x", "");
    assertThat(post("/v1/chat/completions", longest, admin).status()).isEqualTo(200);
    assertRefused(post("/v1/chat/completions", tooLong, admin), 400, "prompt_too_long", "prompt");
  }

  @Test
  void aClientRunsSoManyCallsAtATime() throws Exception {
    var key = create("{'name':'busy'}").path("key").asText();
    fake.forget();
    var running = new ArrayList<CompletableFuture<Reply>>();
    var held = new ArrayList<FakeCall>();
    var watching = new ArrayList<RawCall>();
    var boss = create("{'name':'boss','scope':'admin'}").path("key").asText();
    var watch = "GET /api/events HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + boss + "\r\n\r\n";
    for (int i = 0; i < 6; i++) {
      watching.add(RawCall.sending(gateway, watch));
      assertThat(watching.get(i).status()).as("who looks on runs nothing").isEqualTo(200);
    }
    assertThat(chat(boss, "mock~echo").status()).isEqualTo(200);
    for (var call : watching) call.close();
    for (int i = 0; i < 5; i++) {
      running.add(
          CompletableFuture.supplyAsync(
              () -> chat(key, "fake~m"), task -> new Thread(task).start()));
      held.add(fake.next());
    }
    assertRefused(chat(key, "mock~echo"), 429, "rate_limit_exceeded", "the sixth");
    assertThat(chat(admin, "mock~echo").status()).as("of another client").isEqualTo(200);
    held.forEach(call -> call.json(200, COMPLETION));
    for (var call : running) assertThat(call.get().status()).isEqualTo(200);
    Await.until("there is room again", () -> chat(key, "mock~echo").status() == 200);
  }

  @Test
  void aKeyIsChangedAtOnceAndEveryChangeIsInTheLog() {
    var made = create("{'name':'life <b>','allowed_models':['m']}");
    var key = made.path("key").asText();
    var path = "/api/keys/" + made.path("id").asText();
    assertThat(get("/v1/models", key).status()).isEqualTo(200);
    assertThat(call("PATCH", path, admin, "{'disabled':true,'tokens_per_minute':7}").status())
        .isEqualTo(200);
    assertRefused(get("/v1/models", key), 401, "invalid_api_key", "disabled");
    assertThat(call("PATCH", path, admin, "{'disabled':false,'name':'later'}").status())
        .isEqualTo(200);
    assertThat(get("/v1/models", key).status()).isEqualTo(200);
    assertThat(get(path, admin).tree().path("tokens_per_minute").asInt()).isEqualTo(7);
    assertThat(get("/api/keys", admin).body()).contains("sk-…").doesNotContain(key.substring(24));
    assertRefused(call("PATCH", path, admin, "{'scope':'root'}"), 400, "invalid_value", "scope");
    assertThat(call("DELETE", path, admin).status()).isEqualTo(200);
    assertRefused(get("/v1/models", key), 401, "invalid_api_key", "deleted");
    assertRefused(call("DELETE", path, admin), 404, "key_not_found", "again");
    Await.until(
        "the log has all of it",
        () -> get("/api/audit?action=delete-key", admin).body().contains("DELETE " + path));
    var log = get("/api/audit?limit=500", admin);
    assertThat(log.body()).doesNotContain(key.substring(24)).doesNotContain(admin.substring(24));
    var mine = new ArrayList<String>();
    for (var entry : log.tree().path("data")) {
      if (entry.path("subject").asText().endsWith(path)) mine.add(entry.path("action").asText());
      assertThat(entry.path("client").path("name").asText()).isEqualTo("admin");
    }
    assertThat(mine).containsExactly("delete-key", "change-key", "change-key");
  }

  @Test
  void keysAndSecretsSurviveARestartAndAreNowhereInClear() throws Exception {
    var key = create("{'name':'kept'}").path("key").asText();
    assertThat(post("/api/secrets/rotate", "{}", admin).body()).contains("rotated");
    var file = gateway.directory().resolve("data/caravan.key");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(gateway.console())
        .contains(admin)
        .doesNotContain(key)
        .doesNotContain("sk-of-the-service");
    assertThat(get("/metrics", admin).body())
        .doesNotContain(key.substring(24))
        .doesNotContain("sk-of");
    gateway.terminate();
    Await.until("it has ended", () -> !gateway.isRunning());
    var data = Files.readString(gateway.directory().resolve("data/caravan.mv.db"), ISO_8859_1);
    assertThat(data).doesNotContain(key.substring(24)).doesNotContain(admin.substring(24));
    gateway = launch.restart();
    Await.until("the keys are read", () -> get("/v1/models", key).status() == 200);
    assertThat(get("/api/keys", admin).status()).isEqualTo(200);
    assertThat(gateway.console()).doesNotContain("sk-caravan-");
  }

  @Test
  void aGivenTokenIsAnAdminsAndGuessesAreLimited() throws Exception {
    var own =
        Launch.with("caravan.access.required=true", "caravan.service.mock.provider=mock")
            .environment("CARAVAN_ACCESS_ADMIN_TOKEN", "a token of my own");
    try (var other = own.start()) {
      var bearer = new String[] {"Authorization", "Bearer a token of my own"};
      var made = other.client().post("/api/keys", "{\"name\":\"a\"}", bearer);
      assertThat(made.status()).isEqualTo(201);
      assertThat(other.console()).doesNotContain("sk-caravan-").doesNotContain("a token of my own");
      int refused = 0;
      for (int i = 0; i < 12; i++) {
        var guess = other.client().post("/api/keys", "{}", "x-api-key", "guess " + i);
        if (guess.status() == 429) refused++;
      }
      assertThat(refused).isEqualTo(2);
      var right = other.client().post("/api/keys", "{\"name\":\"b\"}", bearer);
      assertThat(right.status()).as("the right token").isEqualTo(201);
      var chat =
          other.client().chat("mock~echo", "", "x-api-key", made.tree().path("key").asText());
      assertThat(chat.status()).as("a right key").isEqualTo(200);
    }
  }

  /** 0.0.0.0 is all interfaces; the test calls it over the loopback one. */
  @Test
  void onOtherInterfacesEveryoneShowsAKey() throws Exception {
    var own =
        Launch.with("caravan.server.host=0.0.0.0", "caravan.service.mock.provider=mock")
            .environment("CARAVAN_ACCESS_REQUIRED", "false");
    String shown;
    try (var other = own.start()) {
      shown = token(other);
      assertThat(TOKEN.matcher(other.console()).results().distinct().count()).isEqualTo(1);
      for (var path : List.of("/v1/models", "/api/keys", "/api/settings/llm", "/llm/services")) {
        assertRefused(other.client().get(path), 401, "invalid_api_key", path);
        var known = other.client().call("GET", path, BodyPublishers.noBody(), "x-api-key", shown);
        assertThat(known.status()).as(path).isEqualTo(200);
      }
      assertThat(other.client().get("/health").status()).isEqualTo(200);
      other.terminate();
      Await.until("it has ended", () -> !other.isRunning());
    }
    try (var again = own.restart()) {
      var known =
          again.client().call("GET", "/api/keys", BodyPublishers.noBody(), "x-api-key", shown);
      assertThat(known.status()).isEqualTo(200);
      assertThat(again.console()).as("shown once").doesNotContain("sk-caravan-");
      assertRefused(again.client().get("/v1/models"), 401, "invalid_api_key", "again");
    }
  }

  private static JsonNode create(String json) {
    var made = post("/api/keys", Requests.json(json), admin);
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    return made.tree();
  }

  private static Reply get(String path, String key) {
    return gateway.client().call("GET", path, BodyPublishers.noBody(), "x-api-key", key);
  }

  private static Reply post(String path, String json, String key) {
    return gateway.client().post(path, json, "Authorization", "Bearer " + key);
  }

  private static Reply chat(String key, String model) {
    return gateway.client().chat(model, "", "Authorization", "Bearer " + key);
  }

  private static Reply call(String method, String path, String key) {
    return call(method, path, key, "{}");
  }

  private static Reply call(String method, String path, String key, String json) {
    var body = BodyPublishers.ofString(Requests.json(json));
    return key == null
        ? gateway.client().call(method, path, body)
        : gateway.client().call(method, path, body, "Authorization", "Bearer " + key);
  }

  private static void assertRefused(Reply reply, int status, String code, String what) {
    assertThat(reply.status()).as(what + ": " + reply.body()).isEqualTo(status);
    if (!reply.body().isEmpty()) { // that of HEAD
      assertThat(reply.error().path("code").asText()).as(what).isEqualTo(code);
      assertThat(reply.error().path("message").asText()).as(what).isNotBlank();
    }
  }
}

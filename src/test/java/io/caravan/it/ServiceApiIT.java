package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Services are made, changed and removed by HTTP, and outlive the process. */
class ServiceApiIT {

  private static final String SERVICES = "/llm/services";
  private static final String KEY = "sk-never-seen-by-anybody-7";

  private static final String ENVIRONMENTS = "sk-of-the-environment-3";

  private static FakeService fake;
  private static Launch launch;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    fake = FakeService.start();
    launch =
        Launch.with(
            "caravan.service.fixed.provider=openai-compatible",
            "caravan.service.fixed.urls=" + fake.url(),
            "caravan.service.fixed.api-key=sk-in-the-file-as-it-is");
    // built-in services are the API's to change, so these are not mentioned in the file
    launch.drop("caravan.service.local.enabled=false");
    launch.drop("caravan.service.anthropic.enabled=false");
    launch.drop("caravan.service.vllm.enabled=false");
    launch.environment("VLLM_API_KEY", ENVIRONMENTS);
    launch.environment("WORK_API_KEY", ENVIRONMENTS);
    gateway = launch.start();
    fake.onChat(call -> call.json(200, Requests.wire("openai/chat.response.json")));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @AfterEach
  void clean() {
    for (var name : new String[] {"work", "other", "anthropic", "again", "vllm"}) delete(name);
    fake.forgetCalls();
  }

  private static Client.Reply delete(String name, String... headers) {
    return gateway.client().call("DELETE", SERVICES + "/" + name, BodyPublishers.noBody(), headers);
  }

  private static Client.Reply put(String name, String json, String... headers) {
    var body = BodyPublishers.ofString(Requests.json(json));
    return gateway.client().call("PUT", SERVICES + "/" + name, body, headers);
  }

  private static Client.Reply create(String name, String more) {
    return gateway
        .client()
        .post(
            SERVICES,
            Requests.json(
                "{'name':'%s','provider':'openai-compatible','urls':['%s']%s}"
                    .formatted(name, fake.url(), more)));
  }

  @Test
  void aServiceIsThereAtOnceAndOutlivesTheProcess() throws Exception {
    var made = create("work", ",'api_key':'" + KEY + "','idle_timeout_sec':7");
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    assertThat(made.header("location")).isEqualTo(SERVICES + "/work");
    assertThat(made.tree().path("models").asInt()).isEqualTo(1);
    assertThat(made.tree().at("/limits/idle_timeout_sec").asDouble()).isEqualTo(7);
    assertThat(gateway.client().get("/v1/models").body()).contains("work~m");
    assertThat(gateway.client().chat("work~m", "").status()).isEqualTo(200);
    assertThat(fake.next().header("authorization")).isEqualTo("Bearer " + KEY);
    gateway.terminate();
    Await.until("it has ended", () -> !gateway.isRunning());
    assertNoKeyIn(gateway);
    gateway = launch.restart();
    var first = gateway.client().chat("work~m", "");
    assertThat(first.status()).as("the very first call: " + first.body()).isEqualTo(200);
    assertThat(fake.next().header("authorization")).isEqualTo("Bearer " + KEY);
    assertThat(gateway.client().get(SERVICES + "/work").tree().path("origin").asText())
        .isEqualTo("api");
    assertThat(delete("work").status()).isEqualTo(204);
    assertThat(gateway.client().chat("work~m", "").status()).isEqualTo(404);
    assertThat(gateway.client().get(SERVICES + "/work").status()).isEqualTo(404);
  }

  private static void assertNoKeyIn(PackagedGateway gateway) throws IOException {
    try (var files = Files.walk(gateway.directory())) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var text = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(text.contains(KEY)).as(file.toString()).isFalse();
      }
    }
  }

  @Test
  void keysAreMaskedAndAMaskChangesNothing() throws Exception {
    create("work", ",'api_key':'" + KEY + "'");
    var told = gateway.client().get(SERVICES + "/work");
    assertThat(told.body()).doesNotContain(KEY);
    var mask = told.tree().path("api_key").asText();
    assertThat(mask).isEqualTo("sk-…7");
    assertThat(put("work", "{'api_key':'" + mask + "','max_attempts':1}").status()).isEqualTo(200);
    gateway.client().chat("work~m", "");
    assertThat(fake.next().header("authorization")).isEqualTo("Bearer " + KEY);
    put("work", "{'api_key':null}");
    gateway.client().chat("work~m", "");
    assertThat(fake.next().header("authorization")).isNull();
    assertThat(gateway.client().get("/api/config/export").body())
        .doesNotContain(KEY, "in-the-file");
  }

  @Test
  void aKeyDoesNotFollowToAnotherAddress() {
    create("work", ",'api_key':'" + KEY + "'");
    for (var body :
        new String[] {
          "{'urls':['http://127.0.0.1:9']}",
          "{'urls':['" + fake.url() + "','http://127.0.0.1:9'],'api_key':'sk-…7'}",
          "{'urls':null,'provider':'openai'}"
        }) {
      var refused = put("work", body);
      assertThat(refused.status()).as(body + refused.body()).isEqualTo(400);
      assertThat(refused.error().path("param").asText()).isEqualTo("api_key");
    }
    assertThat(put("work", "{'urls':['" + fake.url() + "/v1']}").status()).isEqualTo(200);
    var moved = "{'urls':['http://127.0.0.1:9'],'api_key':null}";
    assertThat(put("work", moved).status()).isEqualTo(200);
  }

  @Test
  void aVariableOfTheEnvironmentIsNoWayToReadIt() throws Exception {
    var variables = new String[] {"CARAVAN_SECRET_KEY", "caravan_x_key", "HOME", "PATH"};
    for (var variable : variables) {
      var refused = create("work", ",'api_key_env_var':'" + variable + "'");
      assertThat(refused.status()).as(variable + refused.body()).isEqualTo(400);
      assertThat(refused.error().path("param").asText()).isEqualTo("api_key_env_var");
      assertThat(put("vllm", "{'api_key_env_var':'" + variable + "'}").status()).isEqualTo(400);
    }
    assertAnothers(create("work", ",'api_key_env_var':'VLLM_API_KEY'"), "api_key_env_var");
    var again = "{'name':'vllm','provider':'vllm','urls':['" + fake.url() + "']}";
    assertAnothers(gateway.client().post(SERVICES, Requests.json(again)), "api_key");
    assertAnothers(put("vllm", "{'urls':['" + fake.url() + "']}"), "api_key");
    assertThat(put("vllm", "{'idle_timeout_sec':9}").status()).isEqualTo(200);
    assertThat(put("vllm", "{'urls':['" + fake.url() + "'],'api_key':'k'}").status())
        .isEqualTo(200);
    assertThat(create("work", ",'api_key_env_var':'WORK_API_KEY'").status()).isEqualTo(201);
    gateway.client().chat("work~m", "");
    assertThat(fake.next().header("authorization")).isEqualTo("Bearer " + ENVIRONMENTS);
    var moved = "'urls':['http://127.0.0.1:9']";
    assertAnothers(put("work", "{" + moved + "}"), "api_key");
    assertAnothers(put("work", "{" + moved + ",'api_key':null}"), "api_key");
    assertThat(put("work", "{" + moved + ",'api_key':'k'}").status()).isEqualTo(200);
  }

  private static void assertAnothers(Client.Reply reply, String field) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).isEqualTo(field);
    assertThat(reply.error().path("code").asText()).isEqualTo("secret_of_another_address");
  }

  @Test
  void aPropertyMeansNothingToCamel() {
    for (var value : new String[] {"{{env:HOME}}", "${sysenv.HOME}", "x)&location=http://evil"}) {
      var refused = put("anthropic", "{'api_key':'k','api_version':'" + value + "'}");
      assertThat(refused.status()).as(value + refused.body()).isEqualTo(400);
      assertThat(refused.error().path("param").asText()).isEqualTo("api_version");
    }
  }

  @Test
  void aChangeLosesNoCall() throws Exception {
    create("work", "");
    var calls = new SteadyCalls(gateway, "work~m", 3);
    try (calls) {
      for (int i = 1; i <= 20; i++) {
        assertThat(put("work", "{'idle_timeout_sec':" + i + "}").status()).isEqualTo(200);
        assertThat(create("other", "").status()).isEqualTo(201);
        assertThat(delete("other").status()).isEqualTo(204);
      }
      calls.more(50);
    }
    assertThat(calls.failures()).isEmpty();
  }

  @Test
  void ofTwoAdminsTheSecondIsTold() {
    create("work", "");
    long version = gateway.client().get(SERVICES + "/work").tree().path("version").asLong();
    assertThat(put("work", "{'version':" + version + ",'max_attempts':1}").status()).isEqualTo(200);
    var second = put("work", "{'version':" + version + ",'max_attempts':3}");
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.error().path("code").asText()).isEqualTo("version_conflict");
    assertThat(delete("work", "If-Match", "\"" + version + "\"").status()).isEqualTo(409);
    var changed = put("work", "{'max_attempts':2}", "If-Match", "\"" + (version + 1) + "\"");
    assertThat(changed.header("etag")).isEqualTo("\"" + (version + 2) + "\"");
    var statuses =
        IntStream.range(0, 8)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> create("again", "").status()))
            .toList();
    assertThat(statuses.stream().map(CompletableFuture::join)).containsOnlyOnce(201).contains(409);
  }

  @Test
  void whatTheFileDefinesIsReadOnly() throws Exception {
    for (var reply :
        new Client.Reply[] {
          create("fixed", ""), put("fixed", "{'max_attempts':1}"), delete("fixed")
        }) {
      assertThat(reply.status()).isEqualTo(409);
      assertThat(reply.error().path("code").asText()).isEqualTo("read_only");
      assertThat(reply.error().path("message").asText()).contains("caravan.properties");
    }
    create("work", "");
    var file = gateway.directory().resolve("test.properties");
    var before = Files.readString(file);
    Files.writeString(file, before + "\ncaravan.service.work.provider=mock");
    Await.until(
        "the file wins",
        () ->
            gateway.client().get(SERVICES + "/work").tree().path("origin").asText().equals("file"));
    var told = gateway.client().get(SERVICES + "/work").tree();
    assertThat(told.path("read_only").asBoolean()).isTrue();
    assertThat(told.path("note").asText()).contains("database");
    assertThat(told.path("provider").asText()).isEqualTo("mock");
    Files.writeString(file, before);
    Await.until(
        "the stored one is back",
        () ->
            gateway.client().get(SERVICES + "/work").tree().path("origin").asText().equals("api"));
  }

  @Test
  void aBuiltInServiceCanBeChangedAndTakenBack() {
    assertThat(delete("anthropic").error().path("code").asText()).isEqualTo("read_only");
    var given = put("anthropic", "{'api_key':'k','urls':['" + fake.url() + "']}");
    assertThat(given.status()).as(given.body()).isEqualTo(200);
    assertThat(given.tree().path("has_key").asBoolean()).isTrue();
    var off = put("anthropic", "{'enabled':false}");
    assertThat(off.tree().path("status").asText()).isEqualTo("disabled");
    assertThat(gateway.client().get(SERVICES).body()).contains("\"disabled\"");
    assertThat(delete("anthropic").status()).isEqualTo(204);
    var back = gateway.client().get(SERVICES + "/anthropic").tree();
    assertThat(back.path("origin").asText()).isEqualTo("built-in");
    assertThat(back.path("has_key").asBoolean()).isFalse();
  }

  @Test
  void whatComesWithCaravanAndIsInUseIsNotReplaced() {
    Await.until(
        "it is up",
        () ->
            gateway.client().get(SERVICES + "/local").tree().path("status").asText().equals("up"));
    var local = "{'name':'local','provider':'mock'}";
    var refused = gateway.client().post(SERVICES, Requests.json(local));
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.error().path("code").asText()).isEqualTo("service_exists");
    assertThat(refused.error().path("message").asText()).contains("PUT /llm/services/local");
    assertThat(create("anthropic", "").status()).as("was never reached").isEqualTo(201);
  }

  @Test
  void badInputIsRefusedNamingTheField() {
    create("work", "");
    var wrong =
        new String[][] {
          {"{'idle_timeout_sec':'soon'}", "idle_timeout_sec"},
          {"{'long_timeout_sec':0}", "long_timeout_sec"},
          {"{'max_concurrent':-1}", "max_concurrent"},
          {"{'verify_cert':'perhaps'}", "verify_cert"},
          {"{'stream_recovery':'hope'}", "stream_recovery"},
          {"{'urls':['gopher://h']}", "urls"},
          {"{'urls':['http://169.254.169.254']}", "urls"},
          {"{'urls':['http://\u2460\u2465\u2468.254.169.254']}", "urls"},
          {"{'urls':['http://\uff4detadata.google.internal']}", "urls"},
          {"{'urls':[7]}", "urls"},
          {"{'urls':['']}", "urls"},
          {"{'urls':{}}", "urls"},
          {"{'provider':'../mock'}", "provider"},
          {"{'provider':null}", "provider"},
          {"{'colour':'red'}", "colour"},
          {"{'api_key':'line\\nbreak'}", "api_key"},
          {"{'name':'another'}", "name"},
          {"{'version':'x'}", "version"},
          {"[]", null},
          {"{", null}
        };
    for (var each : wrong) {
      var reply = put("work", each[0]);
      assertThat(reply.status()).as(each[0] + reply.body()).isEqualTo(400);
      assertThat(reply.error().path("param").asText(null)).as(each[0]).isEqualTo(each[1]);
    }
    var names = Stream.of("", "a b", "a~b", "../x", "x".repeat(101), "a; drop table jobs; --");
    names.forEach(
        name -> assertThat(create(name, "").error().path("param").asText()).isEqualTo("name"));
    assertThat(put("nobody", "{}").status()).isEqualTo(404);
    assertThat(delete("nobody").status()).isEqualTo(404);
    assertThat(gateway.client().chat("work~m", "").status()).isEqualTo(200);
  }

  @Test
  void providersTellTheFormsOfTheirServices() {
    var list = gateway.client().get("/llm/providers").tree().path("data");
    assertThat(list.findValuesAsText("name")).contains("ollama", "openai", "anthropic", "mock");
    for (var provider : list) {
      if (!provider.path("name").asText().equals("anthropic")) continue;
      assertThat(provider.path("title").asText()).isEqualTo("Anthropic");
      assertThat(provider.path("dialect").asText()).isEqualTo("anthropic");
      assertThat(provider.at("/capabilities/Inference").asBoolean()).isTrue();
      var properties = provider.path("properties");
      assertThat(properties.at("/apiKey/format").asText()).isEqualTo("password");
      assertThat(properties.at("/apiKey/required").asBoolean()).isTrue();
      assertThat(properties.at("/baseUrl/field").asText()).isEqualTo("urls");
      assertThat(properties.at("/apiVersion/default").asText()).isEqualTo("2023-06-01");
    }
  }

  @Test
  void aConfigurationTravelsAsOneFile() throws Exception {
    create("work", ",'api_key':'" + KEY + "','fallback':['fixed~m']");
    var exported = gateway.client().get("/api/config/export");
    assertThat(exported.body()).contains("${caravan.service.work.api-key}");
    assertThat(delete("work").status()).isEqualTo(204);
    var document = (ObjectNode) exported.tree();
    var settings = (ObjectNode) document.path("settings");
    settings.put("caravan.model.moved.targets", "work~m").put("caravan.server.port", "1");
    var imported = gateway.client().post("/api/config/import", Json.text(document));
    assertThat(imported.status()).as(imported.body()).isEqualTo(200);
    var said = imported.tree();
    assertThat(said.path("ignored").toString()).contains("caravan.server.port");
    assertThat(said.path("settings").toString()).contains("caravan.model.moved.targets");
    for (var service : said.path("services")) {
      boolean work = service.path("name").asText().equals("work");
      assertThat(service.path("state").asText()).isEqualTo(work ? "created" : "read-only");
      if (work) assertThat(service.path("note").asText()).contains("API key");
    }
    assertThat(gateway.client().chat("moved", "").status()).isEqualTo(200);
    assertThat(put("work", "{'queue_timeout_sec':'1.50'}").status()).isEqualTo(200);
    long version = gateway.client().get(SERVICES + "/work").tree().path("version").asLong();
    var now = gateway.client().get("/api/config/export").body();
    var again = gateway.client().post("/api/config/import", now).tree().path("services");
    assertThat(again.toString()).contains("\"unchanged\"").doesNotContain("\"changed\"");
    var kept = gateway.client().get(SERVICES + "/work").tree();
    assertThat(kept.path("version").asLong()).isEqualTo(version);
    var before = gateway.client().post("/api/config/import", Json.text(document)).tree();
    assertThat(before.path("services").toString()).contains("\"unchanged\"");
    settings.put("caravan.model.moved.strategy", "luck");
    var wrong = gateway.client().post("/api/config/import", Json.text(document));
    assertThat(wrong.status()).isEqualTo(400);
    assertThat(wrong.error().path("message").asText()).contains("caravan.model.moved.strategy");
    settings.removeAll();
    for (var bad : new String[] {"{}", "[]", "{\"format\":\"caravan-config/1\",\"services\":7}"}) {
      assertThat(gateway.client().post("/api/config/import", bad).status()).isEqualTo(400);
    }
  }
}

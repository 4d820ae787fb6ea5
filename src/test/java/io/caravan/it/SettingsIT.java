package io.caravan.it;

import static io.caravan.it.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.it.Client.Reply;
import io.caravan.json.Json;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A front end's client of the settings API, and what it must not be able to do. */
class SettingsIT {

  private static final String PATH = "/api/settings/llm";
  private static final String KEY = "sk-a-user's-own-key-1f";
  private static final String MASK = "sk-…f";

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start().models("gpt-x", "gpt-y");
    gateway =
        Launch.with("caravan.limits.short-timeout-sec=1", "caravan.limits.connect-timeout-ms=1000")
            .start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @BeforeEach
  void nothingIsChosen() {
    fake.forget();
    fake.models("gpt-x", "gpt-y");
    assertThat(delete().status()).isEqualTo(200);
  }

  @AfterEach
  void noKeyIsInTheLog() {
    assertThat(gateway.console()).doesNotContain(KEY, "\tat ", "Exception");
  }

  @Test
  void nothingIsChosenAtFirst() {
    var settings = get(PATH).tree();
    assertThat(settings.has("backend_type")).isTrue();
    assertThat(settings.path("backend_type").isNull()).isTrue();
    assertThat(get(PATH + "/status").tree().path("connection").asText())
        .isEqualTo("not configured");
    assertThat(error("{}")).contains("not chosen a service", "backend_type");
    assertThat(error("{'config':{'url':'URL'}}")).contains("not chosen a service");
    for (var path : List.of(PATH + "/models", "/proxy/llm/v1/models")) {
      assertThat(get(path).status()).isEqualTo(404);
      assertThat(get(path).error().path("code").asText()).isEqualTo("no_backend");
    }
  }

  @Test
  void bothWaysToWriteNamesAreRead() {
    save("{'backendType':'chatgpt','config':{'baseUrl':'URL','api_key':'KEY'},'defaultModel':'a'}");
    var camel = get(PATH).tree();
    assertThat(camel.path("backend_type").asText()).isEqualTo("chatgpt");
    assertThat(camel.path("default_model").asText()).isEqualTo("a");
    save("{'backend_type':'chatgpt','config':{'url':'URL','apiKey':'KEY'},'default_model':'a'}");
    var snake = get(PATH).tree();
    assertThat(snake.path("config")).isEqualTo(camel.path("config"));
    assertThat(snake.path("config").path("url").asText()).isEqualTo(fake.url());
  }

  @Test
  void aKeyIsMaskedAndAMaskLeavesItAsItIs() throws Exception {
    var saved = chosen();
    assertThat(saved.path("config").path("apiKey").asText()).isEqualTo(MASK);
    var changed = save("{'backend_type':'chatgpt','config':{'url':'URL','apiKey':'MASK'}}");
    assertThat(changed.path("config").path("apiKey").asText()).isEqualTo(MASK);
    assertThat(changed.path("default_model").isNull()).isTrue();
    fake.onChat(call -> call.json(200, Requests.wire("openai/chat.response.json")));
    assertThat(chat("gpt-x", "").status()).isEqualTo(200);
    assertThat(fake.next().header("authorization")).isEqualTo("Bearer " + KEY);
    var taken = post(PATH, "{'backend_type':'chatgpt','config':{'url':'URL','apiKey':''}}");
    assertThat(taken.error().path("param").asText()).isEqualTo("config.apiKey");
    var nowhere = post(PATH, "{'backend_type':'ollama','config':{'apiKey':'MASK'}}");
    assertThat(nowhere.status()).as("a mask with nothing behind it").isEqualTo(400);
  }

  @Test
  void aKeyDoesNotFollowToAnotherAddress() {
    chosen();
    var moved = "{'backend_type':'chatgpt','config':{'url':'http://127.0.0.1:9','apiKey':'MASK'}}";
    var refused = post(PATH, moved);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.error().path("param").asText()).isEqualTo("config.apiKey");
    assertThat(error(moved)).contains("config.apiKey", "another address");
    assertThat(post(PATH, moved.replace(",'apiKey':'MASK'", "")).status()).isEqualTo(400);
    assertThat(get(PATH).tree().at("/config/url").asText()).isEqualTo(fake.url());
    save(moved.replace("MASK", "sk-another"));
    save("{'backend_type':'chatgpt','config':{'url':'HTTP://127.0.0.1:9/v1/','api_key':'MASK'}}");
  }

  @Test
  void aTestBeforeSavingIsTheLastTest() {
    var draft = "{'backend_type':'chatgpt','config':{'url':'URL','apiKey':'KEY'}}";
    post(PATH + "/test", draft);
    assertThat(save(draft).at("/last_test/status").asText()).isEqualTo("connected");
    assertThat(get(PATH + "/status").tree().path("last_test").isTextual()).isTrue();
    var same = save("{'backend_type':'chatgpt','config':{'url':'URL'},'default_model':'gpt-y'}");
    assertThat(same.at("/last_test/status").asText()).as("the same").isEqualTo("connected");
    var other = save("{'backend_type':'chatgpt','config':{'url':'URL','apiKey':'sk-other'}}");
    assertThat(other.path("last_test").isMissingNode()).as("another key").isTrue();
  }

  @Test
  void whatMeansSomethingToOtherServersIsNoError() {
    var config =
        "{'url':'HTTP://LOCALHOST:PORT','note':'x','retries':3,'models':['a'],'options':{'a':1}}";
    var saved = save("{'backend_type':'lmstudio','config':" + config.replace("PORT", port()) + "}");
    assertThat(saved.at("/config/note").asText()).isEqualTo("x");
    assertThat(saved.at("/config/retries").asInt()).isEqualTo(3);
    assertThat(post(PATH + "/test", "{}").tree().path("status").asText()).isEqualTo("connected");
  }

  private static String port() {
    return fake.url().replaceFirst(".*:", "");
  }

  @Test
  void goingBackToABackendNeedsNoNewKey() {
    chosen();
    save("{'backend_type':'ollama','config':{}}");
    var now = get(PATH).tree();
    assertThat(now.path("backend_type").asText()).isEqualTo("ollama");
    var before = now.path("backends").get(1);
    assertThat(before.path("backend_type").asText()).isEqualTo("chatgpt");
    assertThat(before.path("default_model").asText()).isEqualTo("gpt-x");
    assertThat(before.at("/config/url").asText()).isEqualTo(fake.url());
    assertThat(before.at("/config/apiKey").asText()).isEqualTo(MASK);
    var back = save("{'backend_type':'chatgpt','config':{'url':'URL','apiKey':'MASK'}}");
    assertThat(back.path("config").path("apiKey").asText()).isEqualTo(MASK);
    assertThat(post(PATH + "/test", "{}").tree().path("status").asText()).isEqualTo("connected");
  }

  @Test
  void theTestReallyAsks() {
    fake.on(
        "GET /v1/models",
        call -> {
          boolean ours = ("Bearer " + KEY).equals(call.header("authorization"));
          if (ours) call.json(200, json("{'data':[{'id':'gpt-x'},{'id':'gpt-y'}]}"));
          else call.json(401, json("{'error':{'message':'Incorrect: KEY'}}"));
        });
    var draft = "{'backend_type':'chatgpt','config':{'url':'URL','apiKey':'KEY'}}";
    var told = post(PATH + "/test", draft).tree();
    assertThat(told.path("status").asText()).isEqualTo("connected");
    assertThat(Json.texts(told.path("models"))).containsExactly("gpt-x", "gpt-y");
    assertThat(told.at("/server_info/name").asText()).isEqualTo("OpenAI");
    assertThat(get(PATH).tree().path("backend_type").isNull()).as("it keeps nothing").isTrue();
    var wrong = draft.replace("KEY", "sk-wrong-key");
    assertThat(error(wrong)).contains("refused the API key", "401").doesNotContain("sk-wrong");
  }

  @Test
  void theTestSaysWhatCanBeDone() throws Exception {
    int free = Launch.freePort();
    assertThat(error(lmStudio("http://127.0.0.1:" + free))).contains("refused", "LM Studio");
    assertThat(error(lmStudio("http://no-such-host.invalid"))).contains("is not known");
    fake.on("GET /v1/models", call -> {}); // holds it
    assertThat(error(lmStudio(fake.url()))).contains("time limit");
    fake.on("GET /v1/models", call -> call.json(401, "{}"));
    assertThat(error(lmStudio(fake.url()))).contains("wants an API key");
    fake.on("GET /v1/models", call -> call.answer(200, "text/html", "<html>"));
    assertThat(error(lmStudio(fake.url()))).contains("not like LM Studio");
    fake.on("GET /path/v1/models", call -> call.json(404, "{}"));
    assertThat(error(lmStudio(fake.url() + "/path"))).contains("without a path");
    assertThat(error(lmStudio("ftp://x"))).contains("config.url");
    assertThat(error(lmStudio("http://169.254.169.254"))).contains("config.url", "never calls");
    assertThat(error(lmStudio("http://\u2460\u2465\u2468.254.169.254"))).contains("config.url");
    assertThat(error(lmStudio(gateway.url()))).contains("Caravan itself");
    assertThat(error("{'backend_type':'chatgpt','config':{}}")).contains("config.apiKey");
  }

  @Test
  void anotherKindOfServiceIsNamed() {
    for (var path : List.of("/", "/props", "/.well-known/localai.json", "/api/v0/models")) {
      fake.on("GET " + path, call -> call.json(404, "{}"));
    }
    fake.on("GET /api/v1/models", call -> call.json(404, "{}"));
    fake.on("GET /v1/models", call -> call.json(404, "{}"));
    fake.on("GET /api/version", call -> call.json(200, json("{'version':'0.12.0'}")));
    assertThat(error(lmStudio(fake.url()))).contains("looks like Ollama", "'ollama'");
  }

  @Test
  void anErrorInsideASuccessIsNoStatus() {
    var unknown = json("{'error':'Unexpected endpoint or method. (GET /api/tags). Returning 200'}");
    for (var path : List.of("/api/tags", "/api/version", "/", "/props")) {
      fake.on("GET " + path, call -> call.json(200, unknown));
    }
    var told = error("{'backend_type':'ollama','config':{'url':'URL'}}");
    assertThat(told).contains("not like Ollama", "Unexpected endpoint").doesNotContain("502");
  }

  @Test
  void theStatusTellsHowItIs() {
    chosen();
    var status = get(PATH + "/status").tree();
    assertThat(status.path("connection").asText()).isEqualTo("connected");
    assertThat(status.path("backend_type").asText()).isEqualTo("chatgpt");
    assertThat(status.path("active_model").asText()).isEqualTo("gpt-x");
    assertThat(status.path("last_test").isNull()).isTrue();
    post(PATH + "/test", "{}");
    assertThat(get(PATH + "/status").tree().path("last_test").isTextual()).isTrue();
    var models = get(PATH + "/models").tree().path("models");
    assertThat(models).extracting(model -> model.path("id").asText()).contains("gpt-x", "gpt-y");
    fake.on("GET /v1/models", call -> call.json(500, "{}"));
    save("{'backend_type':'chatgpt','config':{'url':'URL'},'default_model':'gpt-x'}");
    assertThat(get(PATH + "/status").tree().path("connection").asText()).isEqualTo("error");
    assertThat(get(PATH + "/models").status()).isEqualTo(500);
  }

  @Test
  void anImportIsDoneOnce() throws Exception {
    var old =
        "{'settings':{'active':'chatgpt','lmstudio':{'url':'http://127.0.0.1:1'},"
            + "'chatgpt':{'url':'URL','apiKey':'KEY','model':'gpt-y'}}}";
    var first = post(PATH + "/import", old).tree();
    assertThat(first.path("status").asText()).isEqualTo("imported");
    assertThat(first.path("backend_type").asText()).isEqualTo("chatgpt");
    assertThat(first.path("default_model").asText()).isEqualTo("gpt-y");
    var second = post(PATH + "/import", old.replace("gpt-y", "older")).tree();
    assertThat(second.path("status").asText()).isEqualTo("unchanged");
    assertThat(second.path("updated_at")).isEqualTo(first.path("updated_at"));
    assertThat(second.path("default_model").asText()).isEqualTo("gpt-y");
    assertThat(delete().status()).isEqualTo(200);
    var threads = Executors.newFixedThreadPool(10);
    Callable<Reply> takeOver = () -> post(PATH + "/import", old);
    var replies = threads.invokeAll(Collections.nCopies(10, takeOver));
    threads.shutdown();
    int imported = 0;
    for (var reply : replies) {
      if (reply.get().tree().path("status").asText().equals("imported")) imported++;
      else assertThat(reply.get().tree().path("status").asText()).isEqualTo("unchanged");
    }
    assertThat(imported).as("of ten at once").isEqualTo(1);
  }

  @Test
  void theProxySpeaksForTheChosenService() throws Exception {
    chosen();
    var list = get("/proxy/llm/v1/models").tree();
    assertThat(list.path("object").asText()).isEqualTo("list");
    assertThat(list.path("data")).extracting(m -> m.path("id").asText()).contains("gpt-x");
    fake.onChat(
        call -> {
          if (!call.tree().path("stream").asBoolean())
            call.json(200, Requests.wire("openai/chat.response.json"));
          else call.stream().event(Requests.chunk("Hel")).event(Requests.chunk("lo")).done();
        });
    var plain =
        post("/proxy/llm/v1/chat/completions", "{'messages':[{'role':'user','content':'Hi'}]}");
    assertThat(plain.status()).as(plain.body()).isEqualTo(200);
    assertThat(plain.tree().path("model").asText()).isEqualTo("gpt-x");
    assertThat(fake.next().tree().path("model").asText()).as("the default").isEqualTo("gpt-x");
    var streamed = chat("gpt-y", "'stream':true");
    assertThat(streamed.body()).contains("Hel", "lo", "gpt-y").endsWith("data: [DONE]\n\n");
    assertThat(get("/v1/models").body()).as("nobody else's").doesNotContain("gpt-x");
    assertThat(gateway.client().chat("chatgpt of local~gpt-x", "").status()).isEqualTo(404);
    var others = chat("gpt-x", "'fallbacks':['local~tinychat']");
    assertThat(others.error().path("param").asText()).isEqualTo("fallbacks");
    gateway.assertIdle();
  }

  @Test
  void manyListsAreOneQuestion() {
    var asked = new AtomicInteger();
    var list = json("{'data':[{'id':'gpt-x'}]}");
    fake.on(
        "GET /v1/models",
        call -> {
          asked.incrementAndGet();
          call.json(200, list);
        });
    chosen();
    for (int i = 0; i < 100; i++) {
      assertThat(get("/proxy/llm/v1/models").status()).isEqualTo(200);
    }
    assertThat(asked.get()).as("a list may be five seconds old").isBetween(1, 20);
  }

  @Test
  void listsAtTheSameMomentAreOneQuestion() {
    var asked = new AtomicInteger();
    var list = json("{'data':[{'id':'gpt-x'}]}");
    fake.on(
        "GET /v1/models",
        call -> {
          asked.incrementAndGet();
          Await.time(300);
          call.json(200, list);
        });
    chosen();
    asked.set(0);
    var calls =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> get("/proxy/llm/v1/models")))
            .limit(8)
            .toList();
    for (var call : calls) assertThat(call.join().body()).contains("gpt-x");
    assertThat(asked.get()).isEqualTo(1);
  }

  @Test
  void aListThatFailsIsToldToEveryone() {
    fake.on("GET /v1/models", call -> call.json(500, json("{'error':'no'}")));
    chosen();
    var calls =
        Stream.generate(() -> CompletableFuture.supplyAsync(() -> get("/proxy/llm/v1/models")))
            .limit(8)
            .toList();
    for (var call : calls) {
      assertThat(call.join().status()).isEqualTo(500);
      assertThat(call.join().error().path("message").asText()).isNotBlank();
    }
    gateway.assertIdle();
  }

  @Test
  void aFailingServiceIsTold() throws Exception {
    chosen();
    fake.onChat(call -> call.json(401, json("{'error':{'message':'Incorrect key KEY'}}")));
    var reply = chat("gpt-x", "");
    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.body()).doesNotContain(KEY, fake.url());
    fake.onChat(call -> call.stream().event(Requests.chunk("Hel")).close());
    assertThat(chat("gpt-x", "'stream':true").body())
        .contains("Hel", "error")
        .doesNotContain("[DONE]");
    gateway.assertIdle();
  }

  @Test
  void anyProviderCanBeChosen() {
    save("{'backend_type':'mock'}");
    assertThat(chat("echo", "").body()).contains("Hello");
    save(
        "{'backend_type':'anthropic','config':{'apiKey':'KEY','apiVersion':'2024-01-01','url':'URL'}}");
    fake.on("GET /v1/models", call -> call.json(200, versioned(call.header("anthropic-version"))));
    var models = get(PATH + "/models").tree().path("models");
    assertThat(models.path(0).path("id").asText()).isEqualTo("2024-01-01");
  }

  private static String versioned(String version) {
    return json("{'data':[{'id':'" + version + "','type':'model'}],'has_more':false}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "{",
        "{}",
        "{'backend_type':7}",
        "{'backend_type':'nobody'}",
        "{'backend_type':'ollama','config':[]}",
        "{'backend_type':'ollama','config':{'url':'no url'}}",
        "{'backend_type':'ollama','config':{'url':'http://user:pass@h'}}",
        "{'backend_type':'ollama','config':{'url':'file:///etc/passwd'}}",
        "{'backend_type':'ollama','config':{'url':'http://169.254.169.254/latest'}}",
        "{'backend_type':'ollama','config':{'url':'http://0.0.0.0:11434'}}",
        "{'backend_type':'ollama','config':{'apiKey':'a\\r\\nX-Evil: 1'}}",
        "{'backend_type':'ollama','config':{'a b':'x'}}",
        "{'backend_type':'ollama','config':{'url':{'deep':1}}}",
        "{'backend_type':'anthropic','config':{'apiKey':'k','apiVersion':['1']}}",
        "{'backend_type':'ollama','default_model':{}}",
        "{'backend_type':'chatgpt','config':{'apiKey':5}}",
        "{'backend_type':'anthropic','config':{'apiKey':'k','apiVersion':'x)&location=http://evil'}}",
        "{'backend_type':'anthropic','config':{'apiKey':'k','apiVersion':'{{env:HOME}}'}}"
      })
  void nonsenseIsRefused(String body) {
    var reply = post(PATH, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.error().path("message").asText()).isNotBlank();
    assertThat(reply.body()).doesNotContain("io.caravan", "org.apache", "java.");
    assertThat(get(PATH).tree().path("backend_type").isNull()).isTrue();
    boolean object = body.startsWith("{'");
    if (object) assertThat(error(body)).isNotBlank();
    else assertThat(post(PATH + "/test", body).status()).isEqualTo(body.equals("{}") ? 200 : 400);
  }

  @Test
  void sqlIsOnlyText() {
    var evil = "x'' OR ''1''=''1''; drop table settings; --";
    save(
        "{'backend_type':'mock','config':{'note':'EVIL','apiKey':'EVIL'},'default_model':'EVIL'}"
            .replace("EVIL", evil.replace("''", "\\u0027")));
    var settings = get(PATH).tree();
    assertThat(settings.path("default_model").asText()).isEqualTo(evil.replace("''", "'"));
    assertThat(settings.path("config").path("note").asText()).isEqualTo(evil.replace("''", "'"));
    var type = "{'backend_type':'mock\\u0027 or 1=1 --'}";
    assertThat(post(PATH, type).status()).isEqualTo(400);
    assertThat(error(type)).contains("backend_type", "ollama");
    assertThat(post(PATH + "/import", type).status()).isEqualTo(400);
    assertThat(delete().tree().path("deleted").asBoolean()).isTrue();
  }

  @Test
  void anOversizedRequestIsRefused() {
    var long8k = "x".repeat(9000);
    assertThat(post(PATH, "{'backend_type':'mock','config':{'a':'" + long8k + "'}}").status())
        .isEqualTo(400);
    assertThat(post(PATH, "{'backend_type':'mock','default_model':'" + long8k + "'}").status())
        .isEqualTo(400);
  }

  private static JsonNode chosen() {
    return save(
        "{'backend_type':'chatgpt','config':{'url':'URL','apiKey':'KEY'},'default_model':'gpt-x'}");
  }

  private static String lmStudio(String url) {
    return "{'backend_type':'lmstudio','config':{'url':'" + url + "'}}";
  }

  private static String error(String draft) {
    long began = System.nanoTime();
    var reply = post(PATH + "/test", draft);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(12));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(reply.tree().path("status").asText()).as(reply.body()).isEqualTo("error");
    return reply.tree().path("error").asText();
  }

  private static JsonNode save(String body) {
    var reply = post(PATH, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.tree();
  }

  private static Reply chat(String model, String fields) {
    return gateway.client().post("/proxy/llm/v1/chat/completions", Requests.chat(model, fields));
  }

  private static Reply get(String path) {
    return discreet(gateway.client().get(path));
  }

  private static Reply delete() {
    return gateway.client().call("DELETE", PATH, BodyPublishers.noBody());
  }

  private static Reply post(String path, String body) {
    var filled = json(body).replace("URL", fake.url()).replace("KEY", KEY).replace("MASK", MASK);
    return discreet(gateway.client().post(path, filled));
  }

  private static Reply discreet(Reply reply) {
    assertThat(reply.body()).doesNotContain(KEY);
    return reply;
  }
}

package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.interactions.Actions;

/** The page in a real browser: the main path of each of its pages. */
class BrowserIT {

  private static final String KEY = "sk-browser-0123456789-secretf";
  private static final String EVIL = "<img src=x onerror=window.hacked=1>";
  private static final String PULLED =
      "{\"status\":\"pulling dde5\",\"digest\":\"sha256:dde5\",\"total\":4000000,\"completed\":1000000}\n";
  private static final List<String> PAGES =
      List.of("overview", "models", "playground", "settings", "keys", "jobs");

  private static FakeService ollama;
  private static FakeService odd;
  private static Launch launch;
  private static PackagedGateway gateway;
  private static Chromium browser;

  @BeforeAll
  static void start() throws Exception {
    ollama = FakeService.start().on("GET /api/tags", call -> call.json(200, "{\"models\":[]}"));
    odd = FakeService.start().models(EVIL);
    launch =
        Launch.with(
            "caravan.service.local.enabled=true",
            "caravan.service.demo.provider=mock",
            "caravan.service.odd.provider=openai-compatible",
            "caravan.service.odd.urls=" + odd.url(),
            "caravan.service.ollama.enabled=true",
            "caravan.service.ollama.urls=" + ollama.url());
    gateway = launch.start();
    browser = Chromium.open(gateway);
  }

  @AfterAll
  static void stop() {
    if (browser != null) browser.close();
    gateway.close();
    ollama.close();
    odd.close();
  }

  @AfterEach
  void nothingIsWrong() {
    assertThat(browser.complaints()).isEmpty();
    assertThat(browser.answers()).noneMatch(body -> body.contains(KEY));
    assertThat(browser.run("return document.documentElement.outerHTML").toString())
        .doesNotContain(KEY);
    odd.forget();
    ollama.forget();
  }

  @Test
  void overviewShowsWhatRunsWhere() throws Exception {
    browser.load("/#/overview");
    browser.seeText("#live", "Live");
    browser.seeText(".services", "demo");
    browser.seeText(".services", "odd");
    browser.press("Ask demo now");
    browser.seeText("#toasts", "demo answers in");
    try (var chat = RawCall.streamedChat(gateway, "odd~" + EVIL)) {
      var running = odd.next().stream().event(Requests.chunk("one"));
      chat.event();
      browser.seeText(".tile[aria-label='Calls in flight'] .tile-value", "1");
      for (int i = 0; i < 40; i++) running.event(Requests.chunk("x"));
      Await.until("tokens flow", () -> !browser.text(".tile.second .tile-value").equals("0"));
      running.done();
      chat.events();
    }
    browser.shoot("overview");
  }

  @Test
  void modelsAreFoundLoadedAndUnloaded() throws Exception {
    browser.visit("models");
    browser.seeText("main", "tinychat");
    browser.type("Search", "tiny");
    browser.seeText(".list", "tinyembed");
    Await.until("others are gone", () -> !browser.text(".list").contains("echo"));
    browser.choose("Capability", "Embeddings");
    Await.until("chat models are gone", () -> !browser.text(".list").contains("tinychat"));
    browser.choose("Capability", "Any");
    browser.type("Search", "no such model");
    browser.seeText(".list", "No model fits");
    browser.press("Clear the filters");
    browser.see("[aria-label='Load tinychat']").sendKeys(Keys.ENTER);
    browser.seeText("#toasts", "tinychat is loaded.");
    browser.seeText(".list", "Loaded");
    Await.until(
        "the focus stays at the model",
        () -> "Unload tinychat".equals(browser.run("return document.activeElement.ariaLabel")));
    browser.shoot("models");
    browser.press("Unload tinychat");
    browser.seeText("#toasts", "tinychat is unloaded.");
  }

  @Test
  void aModelIsInstalledWithProgressAndCancelled() throws Exception {
    browser.visit("models");
    browser.press("Add a model");
    browser.choose("Install it at", "ollama");
    browser.type("Model", "tiny:1b");
    browser.press("Install");
    var pull = ollama.next();
    pull.stream("application/x-ndjson").send(PULLED);
    browser.seeText(".list", "25 %");
    assertThat(browser.see("progress").getDomProperty("value")).isEqualTo("0.25");
    browser.shoot("jobs");
    browser.press("Cancel: Installing tiny:1b");
    browser.seeText(".list", "Cancelled");
    assertThat(focus())
        .as("the row, which has no button any more")
        .startsWith("LI Installing tiny:1b");
    browser.visit("overview");
    browser.seeText(".columns", "Nothing to do");
  }

  @Test
  void aDamagedJobIsShown() {
    browser.load("/#/models");
    browser.run(
        "const real = fetch; window.fetch = (url, how) => url.startsWith('/jobs?') ? Promise.resolve("
            + "Response.json({ total: 1, data: [{ id: 'x', type: 'install', state: 'failed', params: {},"
            + " error: { message: 'The row is damaged.' } }] })) : real(url, how)");
    browser.visit("jobs");
    browser.seeText(".list", "Installing (unknown)");
  }

  @Test
  void playgroundStreamsAChatAndTellsHowItWent() throws Exception {
    browser.load("/#/playground?model=demo~echo");
    browser.type("Temperature", "5");
    browser.type("Most tokens", "-1");
    browser.seeText(".play-side", "Enter a number from 0 to 2, such as 0.5.");
    assertThat(browser.text("pre code")).doesNotContain("temperature", "max_tokens");
    browser.type("Temperature", "0.5");
    browser.see("#prompt").sendKeys("Hi", Keys.ENTER);
    browser.seeText(".play-side", "Enter a whole number of 1 or more.");
    assertThat(browser.text(".talk")).as("nothing was sent").contains("Ask something");
    browser.type("Most tokens", "");
    browser.see("#prompt").sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
    browser.see("#prompt").sendKeys("Hello **you**, take `this`", Keys.ENTER);
    browser.seeText(".said-foot", "Answered by\ndemo");
    browser.seeText(".said-foot", "Attempts\n1");
    browser.seeText(".said-foot", "First token");
    browser.seeText(".answer", "Hello you, take this");
    browser.seeText(".play-side", "\"temperature\": 0.5");
    browser.seeText(".play-side", gateway.url() + "/v1/chat/completions");
    browser.shoot("playground");
  }

  @Test
  void playgroundStopsAnAnswer() throws Exception {
    browser.load("/#/playground?model=" + encoded("odd~" + EVIL));
    browser.see("#prompt").sendKeys("go on", Keys.ENTER);
    var running = odd.next().stream().event(Requests.chunk("one"));
    browser.seeText(".answer", "one");
    browser.press("Stop");
    browser.seeText(".said-foot", "Ended by\nyou");
    assertThat(running.isLeftWithin(Await.PATIENCE)).isTrue();
    gatewayIsIdleButForThePage();
  }

  private static void gatewayIsIdleButForThePage() {
    Await.until("only the page is in flight", () -> gateway.inFlight() == 1);
  }

  @Test
  void nothingThatComesFromElsewhereBecomesMarkup() throws Exception {
    browser.load("/#/models");
    browser.seeText(".list", EVIL);
    browser.visit("overview");
    browser.load("/#/playground?model=" + encoded("odd~" + EVIL));
    odd.onChat(call -> call.stream().event(Requests.chunk(EVIL + "```" + EVIL)).done());
    browser.see("#prompt").sendKeys(EVIL, Keys.ENTER);
    browser.seeText(".answer", EVIL);
    browser.see(".talk:not([aria-busy])");
    odd.onChat(call -> call.json(400, Requests.json("{'error':{'message':'" + EVIL + "'}}")));
    browser.see("#prompt").sendKeys("again", Keys.ENTER);
    browser.seeText(".problem", EVIL);
    assertThat(browser.run("return window.hacked ?? null")).isNull();
    assertThat(browser.driver().findElements(By.cssSelector("main img, main script"))).isEmpty();
    assertThat(browser.complaints()).allMatch(each -> each.contains("status of 400"));
  }

  @Test
  void everyPageFitsAPhoneAndIsAccessible() throws Exception {
    for (boolean phone : List.of(true, false)) {
      browser.size(phone ? 320 : 1280, phone ? 740 : 860, phone);
      for (var name : PAGES) {
        browser.dark(!phone);
        browser.visit(name);
        Await.until(
            "it has come", () -> browser.driver().findElements(By.cssSelector(".bone")).isEmpty());
        assertThat(browser.run("return document.documentElement.scrollWidth > innerWidth"))
            .as(name + " scrolls sideways")
            .isEqualTo(false);
        assertThat(browser.run(NAMELESS)).as(name + " has controls without a name").isEqualTo("");
        assertThat(browser.run(WRAPPED)).as("names of pages in two lines").isEqualTo(0L);
        assertThat(browser.run(LANDMARKS)).as(name).isEqualTo("1 1 1 1");
        browser.shoot(name + (phone ? "-phone" : "-dark"));
      }
    }
    browser.dark(false);
  }

  private static final String NAMELESS =
      "return [...document.querySelectorAll('button, a, input, select, textarea')]"
          + ".filter(e => !(e.getAttribute('aria-label') || e.labels?.length || e.textContent.trim()))"
          + ".map(e => e.outerHTML).join()";

  private static final String WRAPPED =
      "return [...document.querySelectorAll('#nav a span')].filter(e => e.offsetHeight > 24).length";

  private static final String LANDMARKS =
      "return ['main', 'nav', 'h1', '#nav [aria-current=page]']"
          + ".map(css => document.querySelectorAll(css).length).join(' ')";

  @Test
  void theKeyboardIsEnough() {
    browser.load("/#/overview");
    var body = browser.driver().switchTo();
    body.activeElement().sendKeys(Keys.TAB);
    assertThat(body.activeElement().getText()).isEqualTo("Skip to content");
    body.activeElement().sendKeys(Keys.ENTER);
    assertThat(body.activeElement().getTagName()).isEqualTo("main");
    browser.load("/#/overview");
    body.activeElement().sendKeys(Keys.TAB);
    body.activeElement().sendKeys(Keys.TAB);
    body.activeElement().sendKeys(Keys.TAB);
    body.activeElement().sendKeys(Keys.TAB);
    assertThat(body.activeElement().getText()).isEqualTo("Models");
    body.activeElement().sendKeys(Keys.ENTER);
    browser.seeText("h1", "Models");
    assertThat(body.activeElement().getText()).isEqualTo("Models");
    browser.press("Add a model");
    body.activeElement().sendKeys(Keys.ESCAPE);
    Await.until(
        "the dialog is gone",
        () -> browser.driver().findElements(By.cssSelector("dialog")).isEmpty());
  }

  @Test
  void theThemeIsKept() {
    browser.load("/#/overview");
    browser.click("#theme");
    browser.click("#theme");
    assertThat(browser.run("return document.documentElement.dataset.theme")).isEqualTo("dark");
    browser.load("/?again#/overview");
    assertThat(browser.run("return document.documentElement.dataset.theme")).isEqualTo("dark");
    browser.click("#theme");
    assertThat(browser.run("return document.documentElement.dataset.theme ?? null")).isNull();
  }

  @Test
  void aBackendIsTestedKeptAndThereAfterARestart() throws Exception {
    odd.on("GET /v1/models", BrowserIT::modelsForTheKey);
    browser.load("/#/settings");
    browser.choose("Backend", "OpenAI-compatible");
    browser.type("Base URL", "http://127.0.0.1:9");
    browser.press("Test connection");
    browser.seeText(".outcome", "Not connected");
    browser.type("Base URL", odd.url());
    browser.press("Test connection");
    browser.seeText(".outcome", "Not connected");
    browser.type("API key", KEY);
    browser.press("Test connection");
    browser.seeText(".outcome", "Connected");
    browser.choose("Default model", "secret-model");
    browser.press("Save");
    browser.seeText("#toasts", "Saved.");
    browser.seeText(".status-line", "secret-model");
    assertThat(focus()).isEqualTo("BUTTON Save");
    browser.seeText(".status-line", "Last test\njust now");
    theOwnBackendIsInThePlayground();
    browser.load("/#/settings");
    browser.choose("Backend", "Mock");
    browser.press("Save");
    Await.until("it is the other", () -> browser.text(".status-line").contains("none"));
    browser.choose("Backend", "OpenAI-compatible"); // which was not forgotten
    assertThat(browser.field("Base URL").getDomProperty("value")).isEqualTo(odd.url());
    browser.press("Save");
    browser.seeText(".status-line", "secret-model");
    restart();
    browser.load("/#/settings");
    browser.seeText(".status-line", "Connected");
    browser.seeText(".status-line", "secret-model");
    assertThat(browser.field("Base URL").getDomProperty("value")).isEqualTo(odd.url());
    assertThat(browser.field("API key").getDomProperty("value")).isEmpty();
    assertThat(browser.field("API key").getDomAttribute("placeholder")).isEqualTo("sk-…f");
    browser.press("Test connection");
    browser.seeText(".outcome", "Connected"); // with the stored key
    browser.press("Refresh the models");
    browser.seeText("#toasts", "1 model.");
    browser.shoot("settings");
    browser.press("Forget");
    browser.click("dialog .danger");
    browser.seeText(".status-line", "no backend yet");
    assertThat(focus()).startsWith("SELECT Choose one");
    odd.models(EVIL);
    assertThat(browser.complaints()) // while nobody was there to answer
        .allMatch(each -> each.matches(".*/(api/events|api/settings/llm/status) .*"));
  }

  private static void theOwnBackendIsInThePlayground() throws Exception {
    odd.onChat(call -> call.stream().event(Requests.chunk("Mine")).done());
    browser.load("/#/playground");
    browser.seeText(".play-side", "/proxy/llm/v1/chat/completions");
    browser.choose("Model", "secret-model");
    browser.see("#prompt").sendKeys("Hello", Keys.ENTER);
    browser.seeText(".answer", "Mine");
    browser.see(".talk:not([aria-busy])");
    assertThat(browser.text("pre code")).contains("\"secret-model\"", "Hello");
    assertThat(browser.text("pre code")).as("ends with the question").doesNotContain("Mine");
  }

  private static void modelsForTheKey(FakeCall call) {
    boolean known = ("Bearer " + KEY).equals(call.header("Authorization"));
    if (known) call.json(200, Requests.json("{'object':'list','data':[{'id':'secret-model'}]}"));
    else call.json(401, Requests.json("{'error':{'message':'no such key'}}"));
  }

  private static void restart() throws Exception {
    int port = gateway.port();
    gateway.terminate();
    Await.until("it has ended", () -> !gateway.isRunning());
    browser.seeText("#live", "Reconnecting");
    gateway = launch.again(port);
    browser.seeText("#live", "Live");
  }

  @Test
  void aServiceIsMadeChangedAndDeleted() throws Exception {
    browser.load("/#/settings");
    browser.press("Connect a service");
    browser.choose("Kind", "OpenAI-compatible");
    browser.type("Name", "no good!");
    browser.type("Base URL", odd.url());
    browser.press("Connect");
    browser.seeText("dialog .field-error:not(:empty)", "letters");
    browser.type("Name", "made-here");
    assertThat(browser.text("dialog .field-error:not(:empty)")).as("it was mended").isEmpty();
    browser.type("API key", KEY);
    browser.press("Connect");
    browser.seeText("#toasts", "made-here is connected");
    browser.seeText("main", "made-here");
    assertThat(gateway.client().get("/v1/models").body()).contains("made-here~");
    browser.press("Edit made-here");
    browser.type("Base URL", "http://127.0.0.1:9");
    browser.press("Save");
    browser.seeText("dialog .field-error:not(:empty)", "stored for another address");
    browser.press("Remove");
    browser.press("Save");
    browser.seeText("dialog .problem", "Saved, but made-here does not answer");
    browser.shoot("service");
    browser.press("Cancel");
    browser.press("Delete made-here");
    browser.click("dialog .danger");
    browser.seeText("#toasts", "made-here is deleted.");
    Await.until("it is gone", () -> !browser.text("main").contains("made-here"));
    browser.press("demo can be changed only in caravan.properties");
    browser.seeText("#toasts", "Change it there");
    assertThat(browser.complaints()).allMatch(each -> each.contains("status of 400"));
  }

  @Test
  void whatAnotherAdminChangedIsLoadedIntoTheDialog() throws Exception {
    var made = "{'name':'both','provider':'anthropic','urls':['%s'],'api_key':'%s'}";
    gateway.client().post("/llm/services", Requests.json(made.formatted(odd.url(), KEY)));
    browser.load("/#/settings");
    browser.press("Edit both");
    browser.type("API version", "2024-03-03");
    var moved = odd.url().replace("127.0.0.1", "localhost");
    put(
        "both",
        "{'urls':['" + moved + "'],'api_key':'sk-other-01234567','api_version':'2022-02-02'}");
    browser.press("Save");
    browser.seeText("dialog .problem", "changed meanwhile");
    browser.press("Load what is stored now");
    browser.seeText("dialog .note", "Base URL: " + moved);
    assertThat(browser.text("dialog .note"))
        .contains("API version: 2022-02-02 is stored now; Save puts yours in its place");
    assertThat(focus()).isEqualTo("BUTTON Save");
    browser.shoot("service-changed-meanwhile");
    browser.press("Save");
    browser.seeText("#toasts", "both is connected");
    var now = gateway.client().get("/llm/services/both").tree();
    assertThat(now.at("/urls/0").asText()).isEqualTo(moved);
    assertThat(now.at("/settings/api_version").asText()).isEqualTo("2024-03-03");
    assertThat(browser.complaints()).hasSize(1).allMatch(each -> each.contains("status of 409"));
    put("both", "{'enabled':false}");
    browser.visit("models");
    browser.press("Add a model"); // which asks for nothing of a service that is off
    browser.seeText("dialog select[name=service]", "ollama");
    gateway.client().call("DELETE", "/llm/services/both", BodyPublishers.noBody());
  }

  private static void put(String service, String json) {
    var body = BodyPublishers.ofString(Requests.json(json));
    var put = gateway.client().call("PUT", "/llm/services/" + service, body);
    assertThat(put.status()).as(put.body()).isEqualTo(200);
  }

  @Test
  void aKeyIsMadeShownOnceDisabledAndDeleted() throws Exception {
    browser.load("/#/keys");
    browser.press("Make a key");
    browser.press("Make the key");
    browser.seeText("dialog .field-error:not(:empty)", "Name it.");
    browser.type("Name", "Build server");
    browser.type("Calls a minute", "60");
    browser.press("Make the key");
    browser.see("dialog .secret");
    var key = browser.text("dialog .secret");
    assertThat(key).startsWith("sk-caravan-").hasSizeGreaterThan(40);
    browser.answers(); // the one that shows it
    browser.press("Close");
    browser.seeText(".rows", "60 calls/min");
    browser.seeText("table", "create-key");
    browser.press("Disable Build server");
    browser.seeText(".rows", "Disabled");
    browser.press("Enable Build server");
    browser.seeText(".rows", "Active");
    browser.shoot("keys");
    browser.press("Delete Build server");
    browser.click("dialog .danger");
    browser.seeText("main", "No keys yet");
    assertThat(browser.run("return document.documentElement.outerHTML").toString())
        .doesNotContain(key);
    assertThat(browser.answers()).isNotEmpty().noneMatch(body -> body.contains(key));
  }

  @Test
  void whatCannotBeReadMakesNoKey() {
    browser.load("/#/keys");
    browser.press("Make a key");
    browser.type("Name", "half");
    browser.field("Expires").sendKeys("12312026"); // a date without its time
    browser.press("Make the key");
    browser.seeText("dialog .field-error:not(:empty)", "Enter all of it");
    browser.press("Cancel");
    browser.press("Make a key");
    browser.type("Name", "half");
    browser.type("Calls a minute", "6-0");
    browser.press("Make the key");
    browser.seeText("dialog .field-error:not(:empty)", "Enter a whole number");
    assertThat(gateway.client().get("/api/keys").body()).doesNotContain("half");
    browser.press("Cancel");
  }

  @Test
  void aChangeOfAKeyLeavesAloneWhatOthersChanged() {
    var made = gateway.client().post("/api/keys", "{\"name\":\"shared\"}");
    var path = "/api/keys/" + made.tree().path("id").asText();
    browser.load("/#/keys");
    browser.press("Change shared");
    var other = Requests.json("{'allowed_models':['m'],'expires_at':'2030-01-01T00:00:30Z'}");
    var json = new String[] {"Content-Type", "application/json"};
    var patched = gateway.client().call("PATCH", path, BodyPublishers.ofString(other), json);
    assertThat(patched.status()).isEqualTo(200);
    browser.type("Name", "renamed");
    browser.press("Save");
    browser.seeText("#toasts", "renamed is changed.");
    browser.seeText(".rows", "renamed");
    var keys = gateway.client().get("/api/keys");
    assertThat(keys.body()).contains("\"renamed\"", "[\"m\"]", "2030-01-01T00:00:30Z");
    Await.until("the focus stays at the row", () -> focused().equals("Change renamed"));
    browser.press("Disable renamed");
    Await.until("the focus stays there", () -> focused().equals("Enable renamed"));
    gateway.client().call("DELETE", path, BodyPublishers.noBody());
  }

  private static String focus() {
    var script = "return `${document.activeElement.tagName} ${document.activeElement.innerText}`";
    return String.valueOf(browser.run(script));
  }

  private static String focused() {
    return String.valueOf(browser.run("return document.activeElement.ariaLabel"));
  }

  @Test
  void onlyAClickBesideADialogClosesIt() {
    browser.load("/#/keys");
    browser.press("Make a key");
    var box = browser.see("dialog").getRect();
    int middle = box.y + box.height / 2;
    drag(box.x + 8, middle, 0);
    drag(box.x + box.width / 2, middle, -box.width);
    browser.type("Name", "kept");
    browser.press("Make the key");
    browser.see("dialog .secret");
    drag(5, 5, 0);
    assertThat(browser.text("dialog")).contains("Your new key");
    browser.answers(); // the one that shows the key
    browser.press("Close");
    browser.press("Delete kept");
    browser.see("dialog .danger");
    drag(5, 5, 0);
    noDialog();
    browser.press("Make a key");
    browser.see("dialog");
    browser.driver().navigate().back();
    noDialog();
    var id = gateway.client().get("/api/keys").tree().at("/data/0/id").asText();
    gateway.client().call("DELETE", "/api/keys/" + id, BodyPublishers.noBody());
  }

  private static void noDialog() {
    Await.until(
        "the dialog is gone",
        () -> browser.driver().findElements(By.cssSelector("dialog")).isEmpty());
  }

  private static void drag(int x, int y, int by) {
    new Actions(browser.driver())
        .moveToLocation(x, y)
        .clickAndHold()
        .moveByOffset(by, 0)
        .release()
        .perform();
  }

  private static final String MODELS =
      "return [...document.querySelector('[name=default_model]').options].map((one) => one.text)"
          + ".join()";

  @Test
  void settingsKeepWhatNoFieldShowsAndAreNotAskedForOnceLeft() {
    var told = "{'backend_type':'openai-compatible','config':{'url':'%s','maxTokens':512}}";
    gateway.client().post("/api/settings/llm", Requests.json(told.formatted(odd.url())));
    browser.load("/#/settings");
    browser.seeText(".status-line", "Connected");
    browser.run("window.drawn = document.querySelector('form.backend')");
    browser.press("Refresh the models");
    browser.seeText("#toasts", " model");
    var models = browser.run(MODELS);
    browser.press("Save");
    browser.seeText("#toasts", "Saved.");
    Await.until(
        "it is drawn anew", () -> browser.run("return window.drawn.isConnected").equals(false));
    assertThat(browser.run(MODELS)).as("the list stays").isEqualTo(models).isNotEqualTo("None");
    assertThat(gateway.client().get("/api/settings/llm").tree().at("/config/maxTokens").asInt())
        .isEqualTo(512);
    browser.load("/#/jobs");
    browser.run(
        "const real = fetch; window.polls = 0; window.fetch = async (url, how) => {"
            + " if (url === '/api/settings/llm/status') window.polls += 1;"
            + " if (url !== '/api/settings/llm') return real(url, how);"
            + " await new Promise((go) => { window.go = go; });"
            + " const answer = await real(url, how); window.came = true; return answer; }");
    browser.visit("settings");
    Await.until("it is asked for", () -> browser.run("return window.go ?? null") != null);
    browser.visit("jobs");
    browser.run("window.go()");
    Await.until("it came too late", () -> browser.run("return window.came ?? null") != null);
    browser.visit("models");
    assertThat(browser.run("return window.polls")).isEqualTo(0L);
    gateway.client().call("DELETE", "/api/settings/llm", BodyPublishers.noBody());
  }

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, java.nio.charset.StandardCharsets.UTF_8);
  }
}

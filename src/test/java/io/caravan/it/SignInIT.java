package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page before a gateway that demands keys. */
class SignInIT {

  private static final String TOKEN = "admin-token-0123456789-abcdefghijkl";

  private static PackagedGateway gateway;
  private static Chromium browser;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        Launch.with(
                "caravan.service.demo.provider=mock",
                "caravan.access.required=true",
                "caravan.access.admin-token=" + TOKEN)
            .start();
    Await.until("the keys are known", () -> keys().status() == 200);
    browser = Chromium.open(gateway);
  }

  private static Client.Reply keys() {
    return gateway.client().call("GET", "/api/keys", BodyPublishers.noBody(), "x-api-key", TOKEN);
  }

  @AfterAll
  static void stop() {
    if (browser != null) browser.close();
    gateway.close();
  }

  @Test
  void whoHasAKeyComesIn() throws Exception {
    browser.load("/#/overview");
    browser.seeText("dialog", "This Caravan asks for a key");
    assertThat(browser.text("main")).doesNotContain("demo");
    assertThat(browser.text("#live")).isEqualTo("Key needed");
    assertThat(browser.complaints()).as("before a key is entered").isEmpty();
    browser.shoot("sign-in");
    browser.type("Key", "sk-caravan-wrong");
    browser.press("Sign in");
    browser.see("dialog .field-error:not(:empty)");
    browser.type("Key", "ключ");
    browser.press("Sign in");
    browser.seeText("dialog .field-error:not(:empty)", "This key is wrong");
    browser.type("Key", TOKEN);
    browser.press("Sign in");
    browser.seeText("#live", "Live");
    browser.seeText(".services", "demo");
    assertThat(browser.run("return JSON.stringify(localStorage)").toString()).doesNotContain(TOKEN);
    assertThat(browser.run("return document.cookie")).isEqualTo("");
    assertThat(browser.run("return document.documentElement.outerHTML").toString())
        .doesNotContain(TOKEN);
    assertThat(browser.answers()).noneMatch(body -> body.contains(TOKEN));
    var client = gateway.client().post("/api/keys", "{\"name\":\"app\"}", "x-api-key", TOKEN);
    signOut();
    browser.type("Key", client.tree().path("key").asText());
    browser.press("Sign in");
    browser.seeText("main", "may call models but not see the gateway");
    assertThat(browser.text("#nav")).isEqualTo("Playground\nSettings");
    browser.visit("playground");
    browser.choose("Model", "demo~echo");
    browser.see("#prompt").sendKeys("Hello", org.openqa.selenium.Keys.ENTER);
    browser.seeText(".answer", "Hello");
    browser.visit("settings");
    browser.choose("Backend", "OpenAI");
    browser.seeText(".backend", "API key");
    assertThat(browser.text("main")).doesNotContain("Services").doesNotContain("services");
    signOut();
    assertThat(browser.complaints()).as("of the wrong key").hasSize(1);
  }

  private static void signOut() {
    browser.press("Forget the key");
    browser.seeText("dialog", "This Caravan asks for a key");
    assertThat(browser.run("return sessionStorage.length")).isEqualTo(0L);
  }

  @Test
  void everyoneWithAKeyIsToldWhatItOpens() {
    var made = gateway.client().post("/api/keys", "{\"name\":\"mine\"}", "x-api-key", TOKEN).tree();
    assertThat(caller(TOKEN).body())
        .isEqualTo(
            Requests.json("{'id':'admin','object':'caller','name':'admin','scope':'admin'}"));
    var client = caller(made.path("key").asText()).tree();
    assertThat(client.path("id")).isEqualTo(made.path("id"));
    assertThat(client.path("name").asText()).isEqualTo("mine");
    assertThat(client.path("scope").asText()).isEqualTo("client");
    assertThat(gateway.client().get("/api/me").status()).isEqualTo(401);
  }

  private static Client.Reply caller(String key) {
    return gateway.client().call("GET", "/api/me", BodyPublishers.noBody(), "x-api-key", key);
  }
}

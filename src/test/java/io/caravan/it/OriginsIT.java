package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A gateway without keys on the loopback interface: what keeps other people's web pages out. */
class OriginsIT {

  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    gateway =
        Launch.with("caravan.service.mock.provider=mock", "caravan.cors.origins=https://chat.test")
            .start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void aNameThatWasReboundLeadsNowhere() throws IOException {
    for (var path : List.of("/v1/models", "/health", "/api/keys", "/nope")) {
      assertThat(status("GET", path, "Host: evil.test\r\n")).as(path).isEqualTo(403);
    }
    assertThat(status("GET", "/health", "Host: 127.0.0.1.evil.test\r\n")).isEqualTo(403);
    assertThat(status("GET", "http://evil.test/health", "Host: localhost\r\n")).isEqualTo(403);
    assertThat(status("GET", "http://localhost/health", "Host: localhost\r\n")).isEqualTo(200);
    assertThat(status("GET", "/health", "Host: localhost:1\r\n")).isEqualTo(200);
    assertThat(status("GET", "/health", "Host: [::1]:8080\r\n")).isEqualTo(200);
  }

  @Test
  void aPageOfOthersChangesNothing() throws IOException {
    var host = "Host: localhost:" + gateway.port() + "\r\n";
    for (var method : List.of("POST", "PUT", "PATCH", "DELETE")) {
      for (var origin : List.of("http://evil.test", "null", "http://localhost:1")) {
        var head = host + "Origin: " + origin + "\r\nContent-Length: 0\r\n";
        assertThat(status(method, "/api/keys", head)).as(method + origin).isEqualTo(403);
      }
    }
    var own = host + "Origin: http://localhost:" + gateway.port() + "\r\nContent-Length: 0\r\n";
    assertThat(status("POST", "/api/keys", own)).as("its own page: no body").isEqualTo(400);
    assertThat(status("GET", "/health", host + "Origin: http://evil.test\r\n")).isEqualTo(200);
  }

  @Test
  void onlyANamedPageMayRead() throws IOException {
    var ask =
        "OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nOrigin: %s\r\n"
            + "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: authorization\r\n\r\n";
    try (var call = RawCall.sending(gateway, ask.formatted("https://chat.test"))) {
      assertThat(call.status()).isEqualTo(204);
      assertThat(call.header("access-control-allow-origin")).isEqualTo("https://chat.test");
      assertThat(call.header("access-control-allow-methods")).contains("POST");
      assertThat(call.header("access-control-allow-headers")).isEqualTo("authorization");
      assertThat(call.header("access-control-allow-credentials")).isNull();
    }
    try (var call = RawCall.sending(gateway, ask.formatted("https://evil.test"))) {
      assertThat(call.status()).isEqualTo(403);
      assertThat(call.header("access-control-allow-origin")).isNull();
    }
    var named = gateway.client().chat("mock~echo", "", "Origin", "https://chat.test");
    assertThat(named.status()).isEqualTo(200);
    assertThat(named.header("access-control-allow-origin")).isEqualTo("https://chat.test");
    assertThat(named.header("vary")).isEqualTo("Origin");
    var without = gateway.client().get("/v1/models");
    assertThat(without.header("access-control-allow-origin")).isNull();
    assertThat(without.header("vary")).isEqualTo("Origin");
    for (var path : List.of("/health", "/nope", "/web/app.js")) {
      var get = "GET %s HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.test\r\n\r\n";
      try (var call = RawCall.sending(gateway, get.formatted(path))) {
        assertThat(call.status()).as(path).isIn(200, 404);
        assertThat(call.header("vary")).as(path).contains("Origin");
        assertThat(call.header("access-control-allow-origin")).as(path).isNull();
      }
    }
  }

  /** Keys can be made before they are wanted; until then any is as good as none. */
  @Test
  void withoutAccessControlAnyKeyIsTaken() {
    var chat = gateway.client().chat("mock~echo", "", "Authorization", "Bearer whatever");
    assertThat(chat.status()).isEqualTo(200);
    Await.until(
        "the database is open",
        () -> gateway.client().post("/api/keys", "{\"name\":\"a\"}").status() == 201);
    assertThat(gateway.client().get("/api/audit").body()).contains("\"object\":\"list\"");
    var huge = "{\"name\":\"" + "x".repeat(100_000) + "\"}";
    var put = gateway.client().call("POST", "/api/keys", BodyPublishers.ofString(huge));
    assertThat(put.status()).isEqualTo(400);
  }

  @Test
  void refusesToOpenItselfToAllPages() throws Exception {
    var launch =
        Launch.plain().argument("--port", "0").file("caravan.properties", "caravan.cors.origins=*");
    var ended = launch.run();
    assertThat(ended.exit()).isEqualTo(2);
    assertThat(ended.console()).contains("caravan.cors.origins");
  }

  private static int status(String method, String path, String head) throws IOException {
    var request = method + " " + path + " HTTP/1.1\r\n" + head + "Connection: close\r\n\r\n";
    try (var call = RawCall.sending(gateway, request)) {
      return call.status();
    }
  }
}

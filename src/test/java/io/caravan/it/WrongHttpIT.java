package io.caravan.it;

import static io.caravan.it.Refusals.assertError;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that are wrong before anybody looks into their body. */
class WrongHttpIT {

  private static final String CHAT = "/v1/chat/completions";

  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway = Launch.with("caravan.service.mock.provider=mock").start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void theGatewayStillAnswers() {
    assertThat(gateway.client().chat("mock~echo", "").status()).isEqualTo(200);
    gateway.assertIdle();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/chat/completions",
    "PUT, /v1/chat/completions",
    "DELETE, /v1/embeddings",
    "GET, /v1/completions",
    "POST, /v1/models",
    "DELETE, /v1/models/x",
    "POST, /health"
  })
  void wrongMethods(String method, String path) {
    var reply = gateway.client().call(method, path, BodyPublishers.noBody());
    assertError(reply, 405, null, "method_not_supported");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/v1", "/v1/chat", "/v1/chat/completions/x", "/v2/models", "/health/x"})
  void wrongPaths(String path) {
    assertError(gateway.client().get(path), 404, null, "unknown_url");
    assertError(gateway.client().post(path, "{}"), 404, null, "unknown_url");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "application/xml"})
  void wrongContentTypes(String type) {
    var body = BodyPublishers.ofString(Requests.chat("mock~echo", ""));
    var reply = gateway.client().call("POST", CHAT, body, "Content-Type", type);
    assertError(reply, 415, null, "unsupported_content_type");
  }

  @Test
  void aContentTypeWithACharsetIsFine() {
    var body = BodyPublishers.ofString(Requests.chat("mock~echo", ""));
    var type = "application/json; charset=utf-8";
    assertThat(gateway.client().call("POST", CHAT, body, "Content-Type", type).status())
        .isEqualTo(200);
  }

  @Test
  void aBodyOfJustUnderTheLimitIsTaken() {
    var body = Requests.chat("mock~echo", "'x':'" + "a".repeat((32 << 20) - 200) + "'");
    assertThat(gateway.client().post(CHAT, body).status()).isEqualTo(200);
  }

  @Test
  void aBodyOf33MegabytesIsTooLarge() throws IOException {
    try (var call = RawCall.sending(gateway, RawCall.head(CHAT, 33 << 20))) {
      assertThat(call.status()).isEqualTo(413);
      assertThat(call.header("content-type")).startsWith("application/json");
    }
    try (var call = RawCall.sending(gateway, chunkedHead())) {
      call.sendChunksUntilAnswered(1 << 20, 40);
      assertThat(call.status()).isEqualTo(413);
    }
  }

  @Test
  void aHeadThatIsNoHttp() throws IOException {
    try (var call = RawCall.sending(gateway, "nonsense\r\n\r\n")) {
      assertThat(call.status()).isEqualTo(400);
    }
  }

  private static String chunkedHead() {
    return "POST "
        + CHAT
        + " HTTP/1.1\r\nHost: caravan\r\nContent-Type: application/json\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n";
  }
}

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
  @CsvSource({
    "/v1/embeddings, POST",
    "/v1/embeddings/, POST",
    "/v1/models, 'GET, HEAD'",
    "/v1/models/a/b, 'GET, HEAD'"
  })
  void aWrongMethodIsToldTheRightOne(String path, String right) throws IOException {
    try (var call =
        RawCall.sending(gateway, "PATCH " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      assertThat(call.status()).isEqualTo(405);
      assertThat(call.header("allow")).isEqualTo(right);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/v1", "/v1/chat", "/v1/chat/completions/x", "/v2/models", "/health/x"})
  void wrongPaths(String path) {
    assertError(gateway.client().get(path), 404, null, "unknown_url");
    assertError(gateway.client().post(path, "{}"), 404, null, "unknown_url");
  }

  @Test
  void contentEncodings() {
    var body = BodyPublishers.ofString(Requests.chat("mock~echo", ""));
    var reply =
        gateway
            .client()
            .call(
                "POST", CHAT, body, "Content-Type", "application/json", "Content-Encoding", "gzip");
    assertError(reply, 415, null, "unsupported_content_encoding");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", "application/xml", "*/*", "application/*", "json", ""})
  void wrongContentTypes(String type) {
    var body = BodyPublishers.ofString(Requests.chat("mock~echo", ""));
    var reply = gateway.client().call("POST", CHAT, body, "Content-Type", type);
    assertError(reply, 415, null, "unsupported_content_type");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json; charset=utf-8",
        "APPLICATION/Json",
        "application/json ; charset=utf-8",
        "Application/JSON;charset=UTF-8"
      })
  void aContentTypeIsFineInAnyCaseAndWithACharset(String type) {
    var body = BodyPublishers.ofString(Requests.chat("mock~echo", ""));
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
    assertRefused("nonsense\r\n\r\n", 400);
  }

  @Test
  void aQueryThatIsWronglyEncoded() throws IOException {
    for (var path : new String[] {"/v1/models?x=%ZZ", "/health?%", "/jobs?a=%4"}) {
      assertRefused("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 400);
    }
    gateway.assertIdle();
  }

  @Test
  void aUrlThatIsTooLong() throws IOException {
    assertRefused("GET /" + "a".repeat(9000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 414);
  }

  @Test
  void headersThatAreTooLarge() throws IOException {
    var header = "X-Large: " + "b".repeat(40_000) + "\r\n";
    assertRefused("GET /health HTTP/1.1\r\nHost: localhost\r\n" + header + "\r\n", 431);
  }

  @Test
  void anUpgradeThatIsNotOfferedIsPassedOver() throws IOException {
    var upgrade = "Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
    try (var call =
        RawCall.sending(gateway, "GET /health HTTP/1.1\r\nHost: localhost\r\n" + upgrade)) {
      assertThat(call.status()).isEqualTo(200);
    }
  }

  @Test
  void aClientThatAsksBeforeItSendsItsBodyIsToldToGoOn() throws IOException {
    var body = Requests.chat("mock~echo", "");
    var head =
        RawCall.head(CHAT, body.length()).replace("\r\n\r\n", "\r\nExpect: 100-continue\r\n\r\n");
    try (var call = RawCall.sending(gateway, head)) {
      assertThat(call.status()).isEqualTo(100);
      call.send(body);
      assertThat(call.nextStatus()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"foo", "100-continue, foo", "100-continue\r\nExpect: foo"})
  void anExpectationThatCannotBeMet(String expectation) throws IOException {
    var head = RawCall.head(CHAT, 2).replace("\r\n\r\n", "\r\nExpect: " + expectation);
    assertRefused(head + "\r\n\r\n{}", 417);
  }

  @ParameterizedTest
  @CsvSource({"HTTP/2.0, 505", "HTTP/3, 505", "HTTP/1.2, 505", "HTTX/1.1, 400", "http/1.1, 400"})
  void aVersionThatIsNotKnown(String version, int status) throws IOException {
    assertRefused("GET /health " + version + "\r\nHost: localhost\r\n\r\n", status);
  }

  @Test
  void theHeadOfWhatCanBeGot() throws IOException {
    try (var call = RawCall.sending(gateway, "HEAD /health HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      assertThat(call.status()).isEqualTo(200);
      assertThat(call.header("content-type")).isEqualTo("application/json");
    }
  }

  @Test
  void aTransferCodingThatIsNotKnown() throws IOException {
    assertRefused(chunkedHead().replace(": chunked", ": gzip, chunked"), 501);
  }

  private static void assertRefused(String bytes, int status) throws IOException {
    try (var call = RawCall.sending(gateway, bytes)) {
      assertThat(call.status()).isEqualTo(status);
      assertThat(call.header("content-type")).isEqualTo("application/json");
      assertThat(call.text()).contains("\"type\":\"invalid_request_error\"");
    }
  }

  private static String chunkedHead() {
    return "POST "
        + CHAT
        + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n";
  }
}

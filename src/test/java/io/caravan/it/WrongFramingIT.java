package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose end is in doubt get one answer, and nothing behind them is taken for another. */
class WrongFramingIT {

  private static final String CHAT = "/v1/chat/completions";
  private static final String HEAD =
      "POST " + CHAT + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
  private static final String SMUGGLED = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";

  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    gateway =
        Launch.with("caravan.service.mock.provider=mock", "caravan.server.body-timeout-sec=0.5")
            .start();
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
  @ValueSource(
      strings = {
        "Content-Length: 4\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nContent-Length: 4",
        "Content-Length: 4\r\nContent-Length: 5",
        "Content-Length: 0\r\nHost: localhost"
      })
  void aHeadThatCanBeReadInTwoWays(String lines) throws IOException {
    assertRefused(HEAD + lines + "\r\n\r\n0\r\n\r\n" + SMUGGLED, 400);
  }

  @Test
  void chunksInHttp10() throws IOException {
    var head = HEAD.replace("HTTP/1.1", "HTTP/1.0");
    assertRefused(head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: gzip",
        "Transfer-Encoding: identity"
      })
  void codingsThatAreNotKnown(String lines) throws IOException {
    assertRefused(HEAD + lines + "\r\n\r\n0\r\n\r\n" + SMUGGLED, 501);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"zz\r\n{}", "-5\r\n{}", "2\r\n{}XX\r\n0\r\n\r\n", "fffffffffffffffff\r\n{"})
  void chunksThatAreNone(String chunks) throws IOException {
    assertRefused(HEAD + "Transfer-Encoding: chunked\r\n\r\n" + chunks, 400);
  }

  @Test
  void aBodyThatComesTooSlowly() throws Exception {
    try (var call = RawCall.sending(gateway, RawCall.head(CHAT, 1000))) {
      Await.until("it is answered", () -> call.isAnsweredAfter("{"));
      assertThat(call.status()).isEqualTo(408);
      assertThat(call.text()).contains("\"code\":\"request_timeout\"");
      call.awaitClosed();
    }
  }

  @Test
  void aBodyThatDoesNotComeAtAll() throws IOException {
    assertRefused(HEAD + "Transfer-Encoding: chunked\r\n\r\n", 408);
  }

  private static void assertRefused(String bytes, int status) throws IOException {
    try (var call = RawCall.sending(gateway, bytes)) {
      assertThat(call.status()).isEqualTo(status);
      assertThat(call.header("connection")).isEqualTo("close");
      assertThat(call.header("content-type")).isEqualTo("application/json");
      assertThat(call.text()).contains("\"type\":\"invalid_request_error\"");
      assertThat(call.rest()).isEmpty();
    }
  }
}

package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that is silent when it is its turn loses the connection; one that waits does not. */
class SilentClientIT {

  private static final String CHAT = "/v1/chat/completions";

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        Launch.with(
                "caravan.server.idle-timeout-sec=1",
                "caravan.service.s.provider=openai-compatible",
                "caravan.service.s.enable-discovery=false",
                "caravan.service.s.urls=" + fake.url())
            .start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @AfterEach
  void nothingIsInFlight() {
    gateway.assertIdle();
  }

  @Test
  void beforeItsFirstRequest() throws IOException {
    try (var call = RawCall.sending(gateway, "")) {
      call.awaitClosed();
    }
  }

  @Test
  void insideAHead() throws IOException {
    try (var call = RawCall.sending(gateway, "POST /v1/chat")) {
      call.awaitClosed();
    }
  }

  @Test
  void insideABody() throws IOException {
    try (var call = RawCall.sending(gateway, RawCall.head(CHAT, 1000) + "{")) {
      call.awaitClosed();
    }
  }

  @Test
  void betweenTwoRequests() throws IOException {
    try (var call = RawCall.sending(gateway, "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      assertThat(call.status()).isEqualTo(200);
      call.awaitClosed();
    }
  }

  @Test
  void notWhileItWaitsForALateAnswer() throws Exception {
    fake.onChat(call -> {});
    try (var call = RawCall.post(gateway, CHAT, Requests.chat("s~m", ""))) {
      var late = fake.next();
      beforeItsFirstRequest(); // others come and are sent away meanwhile
      beforeItsFirstRequest();
      late.json(200, Requests.wire("openai/chat.response.json"));
      assertThat(call.status()).isEqualTo(200);
    }
  }
}

package io.caravan.it;

import static io.caravan.it.Requests.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that takes nothing of its answer, though its connection stands, counts as gone. */
class UnreadAnswerIT {

  private static final String CHAT = "/v1/chat/completions";
  private static final int LARGE = 40 << 20;

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        PackagedGateway.before(fake, "openai-compatible", "caravan.server.unread-timeout-sec=2");
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
  void aStream() throws Exception {
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream().event(chunk("one"));
      assertThat(call.event()).contains("role");
      var event = "data: " + chunk("x".repeat(1 << 20)) + "\n\n";
      for (int i = 0; i < LARGE >> 20; i++) service.response().write(event);
      Await.until("the service is left", () -> service.isLeftWhenSent(chunk("more")));
    }
  }

  @Test
  void aWholeAnswer() throws Exception {
    try (var call = large()) {
      Await.until("the call is over", () -> gateway.inFlight() == 0);
    }
  }

  private static RawCall large() throws IOException, InterruptedException {
    var call = RawCall.post(gateway, CHAT, Requests.chat("fake~m", ""));
    var answer = Requests.wire("openai/chat.response.json").strip();
    var rest = ",\"z\":\"" + "a".repeat(LARGE) + "\"}";
    fake.next().json(200, answer.substring(0, answer.length() - 1) + rest);
    return call;
  }
}

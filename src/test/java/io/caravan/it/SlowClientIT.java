package io.caravan.it;

import static io.caravan.it.Requests.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that stops reading holds its service back; the gateway does not gather the answer. */
class SlowClientIT {

  private static final String WORD = chunk("x".repeat(32_000));

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        PackagedGateway.before(
            fake, "openai-compatible", "caravan.service.fake.idle-timeout-sec=0.3");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @Test
  void holdsTheServiceBackAndIsNotTakenForSilence() throws Exception {
    var sent = new AtomicInteger();
    var enough = new AtomicBoolean();
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream().event(chunk("one"));
      assertThat(call.event()).contains("role");
      service.onItsThread(() -> flood(service, sent, enough));
      Await.until("the service is held back", () -> standsStill(service, sent));
      assertThat(service.isLeftWithin(Duration.ofSeconds(1))).isFalse();
      assertThat(sent.get() * (long) WORD.length()).isLessThan(32L << 20);
      enough.set(true);
      Await.until("the rest comes", () -> call.event().contains("[DONE]"));
      assertThat(call.event()).isNull();
    }
    gateway.assertIdle();
  }

  /** Sends as much as is taken, and ends the stream behind it when told that it is enough. */
  private static void flood(FakeCall service, AtomicInteger sent, AtomicBoolean enough) {
    var response = service.response();
    while (!response.writeQueueFull() && !enough.get()) {
      response.write("data: " + WORD + "\n\n");
      sent.incrementAndGet();
    }
    if (enough.get()) response.end("data: " + Requests.lastChunk() + "\n\ndata: [DONE]\n\n");
    else response.drainHandler(v -> flood(service, sent, enough));
  }

  /** More than an idle limit long nothing more is taken, and nobody gives up. */
  private static boolean standsStill(FakeCall service, AtomicInteger sent) throws Exception {
    int before = sent.get();
    assertThat(service.isLeftWithin(Duration.ofMillis(400))).isFalse();
    return before > 0 && sent.get() == before;
  }
}

package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.it.Client.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More calls than a service is given at a time: a line with a bound and a deadline. */
class OverloadIT {

  private static final ExecutorService CALLERS = Executors.newFixedThreadPool(40);
  private static FakeService fake;
  private static FakeService spare;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    spare = FakeService.start();
    gateway =
        PackagedGateway.before(
            fake,
            "openai-compatible",
            "caravan.service.fake.max-concurrent=2",
            "caravan.service.fake.max-queue=3",
            "caravan.service.hurried.provider=openai-compatible",
            "caravan.service.hurried.urls=" + fake.url(),
            "caravan.service.hurried.max-concurrent=1",
            "caravan.service.hurried.queue-timeout-sec=0.3",
            "caravan.service.spare.provider=openai-compatible",
            "caravan.service.spare.urls=" + spare.url());
  }

  @AfterAll
  static void stop() {
    CALLERS.shutdownNow();
    gateway.close();
    fake.close();
    spare.close();
  }

  @BeforeEach
  void forget() {
    fake.forget();
    spare.forget();
    spare.onChat(call -> Faults.answer(call, "spare"));
  }

  @AfterEach
  void nothingIsLeft() {
    gateway.assertIdle();
  }

  @Test
  void waitsInLineAndNoLonger() throws Exception {
    var inside = List.of(chat("fake~m", ""), chat("fake~m", ""));
    var running = new ArrayList<>(List.of(fake.next(), fake.next()));
    var waiting = List.of(chat("fake~m", ""), chat("fake~m", ""), chat("fake~m", ""));
    Await.until("three wait", () -> queued() == 3);
    var refused = chat("fake~m", "").join();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).isNotNull();
    assertThat(fake.waiting()).isZero();
    for (int i = 0; i < 3; i++) {
      Faults.answer(running.remove(0), "fake");
      running.add(fake.next());
    }
    running.forEach(call -> Faults.answer(call, "fake"));
    for (var each : inside) assertThat(each.join().status()).isEqualTo(200);
    for (var each : waiting) assertThat(each.join().status()).isEqualTo(200);
    assertThat(queued()).isZero();
  }

  @Test
  void aFullServiceStarvesNoOtherOne() throws Exception {
    var stuck = new ArrayList<CompletableFuture<Reply>>();
    for (int i = 0; i < 5; i++) stuck.add(chat("fake~m", ""));
    var running = new ArrayList<>(List.of(fake.next(), fake.next()));
    Await.until("three wait", () -> queued() == 3);
    assertThat(chat("spare~m", "").join().status()).isEqualTo(200);
    var reply = chat("fake~m", "'fallbacks':['spare~m']").join();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("x-caravan-service")).isEqualTo("spare");
    fake.onChat(call -> Faults.answer(call, "fake"));
    running.forEach(call -> Faults.answer(call, "fake"));
    for (var each : stuck) assertThat(each.join().status()).isEqualTo(200);
  }

  @Test
  void theWaitHasADeadline() throws Exception {
    var inside = chat("hurried~m", "");
    var running = fake.next();
    assertThat(chat("hurried~m", "").join().status()).isEqualTo(503);
    var reply = chat("hurried~m", "'fallbacks':['spare~m']").join();
    assertThat(reply.header("x-caravan-service")).isEqualTo("spare");
    Faults.answer(running, "fake");
    assertThat(inside.join().status()).isEqualTo(200);
  }

  @Test
  void whoLeavesTheLineGivesItsSeatBack() throws Exception {
    var inside = List.of(chat("fake~m", ""), chat("fake~m", ""));
    var running = List.of(fake.next(), fake.next());
    try (var leaving = RawCall.streamedChat(gateway, "fake~m")) {
      Await.until("one waits", () -> queued() == 1);
    }
    Await.until("nobody waits", () -> queued() == 0);
    running.forEach(call -> Faults.answer(call, "fake"));
    for (var each : inside) assertThat(each.join().status()).isEqualTo(200);
    assertThat(fake.waiting()).isZero();
  }

  private static CompletableFuture<Reply> chat(String model, String fields) {
    return CompletableFuture.supplyAsync(() -> gateway.client().chat(model, fields), CALLERS);
  }

  private static int queued() {
    var found =
        java.util.regex.Pattern.compile("caravan_queue_depth\\{service=\"fake\"\\} (\\S+)")
            .matcher(gateway.client().get("/metrics").body());
    return found.find() ? (int) Double.parseDouble(found.group(1)) : 0;
  }
}

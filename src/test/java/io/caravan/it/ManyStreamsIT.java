package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many streams at once, every tenth with a fault: each client gets its full answer. */
class ManyStreamsIT {

  private static final int STREAMS = 2000;
  private static final Pattern THREADS = Pattern.compile("(?m)^jvm_threads_live_threads (\\S+)$");

  private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();
  private static final List<Runnable> HELD = new ArrayList<>();
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
            "caravan.service.spare.provider=openai-compatible",
            "caravan.service.spare.urls=" + spare.url(),
            "caravan.service.fake.connect-timeout-ms=20000",
            "caravan.service.spare.connect-timeout-ms=20000",
            "caravan.service.fake.idle-timeout-sec=60",
            "caravan.service.fake.first-token-timeout-sec=60",
            "caravan.service.spare.first-token-timeout-sec=60");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
    spare.close();
  }

  @Test
  @Timeout(150)
  void everyClientGetsAFullAnswer() {
    spare.onChat(call -> Faults.answer(call, "spare"));
    fake.onChat(ManyStreamsIT::serve);
    var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    var replies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int i = 0; i < STREAMS; i++) replies.add(ask(http, i));
    var wrong = new ArrayList<String>();
    for (int i = 0; i < STREAMS; i++) {
      var body = replies.get(i).join().body();
      if (!said(body).equals(Faults.TEXT) || !body.endsWith("data: [DONE]\n\n")) {
        wrong.add(i + ": " + body);
      }
    }
    assertThat(wrong).isEmpty();
    gateway.assertIdle();
    var threads = THREADS.matcher(gateway.client().get("/metrics").body());
    assertThat(threads.find()).isTrue();
    assertThat(Double.parseDouble(threads.group(1))).isLessThan(80);
    assertThat(gateway.console()).doesNotContain("\tat ", "Exception");
  }

  private static CompletableFuture<HttpResponse<String>> ask(HttpClient http, int number) {
    var body = Requests.chat("fake~m", "'stream':true,'fallbacks':['spare~m']");
    var request =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/chat/completions"))
            .timeout(Duration.ofSeconds(120))
            .header("Content-Type", "application/json")
            .header("x-request-id", "n-" + number)
            .POST(BodyPublishers.ofString(body))
            .build();
    return http.sendAsync(request, BodyHandlers.ofString());
  }

  /** Holds every stream behind its second word until all calls have come. */
  private static void serve(FakeCall call) {
    int number = Integer.parseInt(call.header("x-request-id").substring(2));
    var fault = number % 10 == 0 ? number / 10 % 5 : -1;
    boolean first = SEEN.add(call.header("x-request-id"));
    if (fault == 0 && first) call.json(500, Faults.error("boom", null));
    else if (fault == 1) call.reset();
    else hold(call, fault);
    if (first && SEEN.size() == STREAMS) release();
  }

  private static void hold(FakeCall call, int fault) {
    Faults.begin(call);
    synchronized (HELD) {
      if (SEEN.size() < STREAMS) {
        HELD.add(() -> finish(call, fault));
        return;
      }
    }
    finish(call, fault);
  }

  private static void release() {
    List<Runnable> held;
    synchronized (HELD) {
      held = List.copyOf(HELD);
      HELD.clear();
    }
    held.forEach(Runnable::run);
  }

  private static void finish(FakeCall call, int fault) {
    switch (fault) {
      case 2 -> call.close();
      case 3 -> call.end();
      default -> Faults.end(call);
    }
  }

  private static String said(String body) {
    var content = Pattern.compile("\"content\":\"([^\"]*)\"").matcher(body);
    var text = new StringBuilder();
    while (content.find()) text.append(content.group(1));
    return text.toString();
  }
}

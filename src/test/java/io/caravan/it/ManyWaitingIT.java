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
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Far more calls than a service can take, in little memory: each is served or told when to come.
 */
class ManyWaitingIT {

  private static final int CALLS = 5000;
  private static final int PLACES = 50;
  private static final String PADDING = "x".repeat(4000);

  @Test
  @Timeout(120)
  void fiveThousandCallsAreAnswered() throws Exception {
    try (var fake = FakeService.start();
        var gateway = gateway(fake)) {
      var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      var replies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
      for (int i = 0; i < CALLS; i++) replies.add(ask(http, gateway));
      var inside = new ArrayList<FakeCall>();
      for (int i = 0; i < PLACES; i++) inside.add(fake.next());
      Await.until(
          "the others have their answers",
          Duration.ofSeconds(60),
          () -> replies.stream().filter(CompletableFuture::isDone).count() == CALLS - PLACES);
      assertThat(gateway.client().get("/health").status()).isEqualTo(200);
      inside.forEach(call -> Faults.answer(call, "fake"));
      var served = replies.stream().map(CompletableFuture::join).filter(this::isServed).toList();
      assertThat(served).hasSize(PLACES);
      gateway.assertIdle();
      assertThat(gateway.console()).doesNotContain("\tat ", "Exception", "OutOfMemory");
    }
  }

  /** Fewer may wait than come, so some are refused at once and some when their time is over. */
  private static PackagedGateway gateway(FakeService fake) throws Exception {
    return Launch.with(
            "caravan.service.fake.provider=openai-compatible",
            "caravan.service.fake.urls=" + fake.url(),
            "caravan.service.fake.max-concurrent=" + PLACES,
            "caravan.service.fake.max-queue=4000",
            "caravan.service.fake.queue-timeout-sec=6")
        .jvm("-Xmx160m")
        .start();
  }

  private boolean isServed(HttpResponse<String> reply) {
    if (reply.statusCode() == 200) return true;
    assertThat(reply.statusCode()).isEqualTo(503);
    assertThat(reply.headers().firstValue("retry-after")).isPresent();
    return false;
  }

  private static CompletableFuture<HttpResponse<String>> ask(
      HttpClient http, PackagedGateway gateway) {
    var request =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/chat/completions"))
            .timeout(Duration.ofSeconds(100))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(Requests.chat("fake~m", "'user':'" + PADDING + "'")))
            .build();
    return http.sendAsync(request, BodyHandlers.ofString());
  }
}

package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many services, dead services, long lists, and what a restart remembers. */
@Timeout(120) // two starts and more on a machine that may be busy
class CatalogLoadIT {

  private static final int SHORT_LIMIT_SEC = 2;

  /** Well below what the database takes for the long list, and above what it takes for none. */
  private static final long BYTES_OF_THAT_LIST = 1 << 20;

  @Test
  void servicesThatHangHoldNobodyUp() throws Exception {
    var fakes = new ArrayList<FakeService>();
    var lines = new ArrayList<>(List.of("caravan.limits.short-timeout-sec=" + SHORT_LIMIT_SEC));
    for (int i = 0; i < 20; i++) {
      var fake = FakeService.start();
      if (i % 4 == 0) fake.on("GET /v1/models", call -> {}); // never answered
      fakes.add(fake);
      lines.add("caravan.service.s" + i + ".provider=openai-compatible");
      lines.add("caravan.service.s" + i + ".urls=" + fake.url());
    }
    try (var gateway = Launch.with(lines.toArray(String[]::new)).start()) {
      Await.until("those that live are known", () -> total(gateway) == 15);
      assertThat(gateway.client().get("/v1/models").tree().path("data")).hasSize(15);
      // the machine that runs the tests may be busy, so three times the second that is allowed
      Await.until(
          "so are those that hang",
          Duration.ofSeconds(SHORT_LIMIT_SEC + 3),
          () -> count(gateway, "down") == 5 && count(gateway, "up") == 15);
    } finally {
      fakes.forEach(FakeService::close);
    }
  }

  @Test
  void aLongListIsServedAndRememberedOverARestart() throws Exception {
    var names = new String[10_000];
    for (int i = 0; i < names.length; i++) names[i] = "org/model-" + i + "-8b-instruct-q4_k_m";
    Launch launch;
    try (var fake = FakeService.start().models(names)) {
      launch =
          Launch.with(
              "caravan.service.big.provider=openai-compatible",
              "caravan.service.big.urls=" + fake.url());
      try (var gateway = launch.start()) {
        Await.until("the list is known", () -> total(gateway) == names.length);
        var last = gateway.client().get("/llm/models/big~" + names[9_999]);
        assertThat(last.tree().path("quantization").asText()).isEqualTo("Q4_K_M");
        var data = launch.directory().resolve("data/caravan.mv.db");
        Await.until("it is written behind", () -> Files.size(data) > BYTES_OF_THAT_LIST);
        gateway.terminate();
        Await.until("it has ended", () -> !gateway.isRunning());
      }
    }
    try (var gateway = launch.restart()) {
      Await.until("it remembers", () -> total(gateway) == names.length);
      assertThat(gateway.client().get("/v1/models").tree().path("data")).hasSize(names.length);
      var service = gateway.client().get("/llm/services/big/ping").tree();
      assertThat(service.path("status").asText()).isEqualTo("down");
      assertThat(total(gateway)).isEqualTo(names.length);
    }
  }

  private static int total(PackagedGateway gateway) {
    return gateway.client().get("/llm/models?limit=1").tree().path("total").asInt();
  }

  private static long count(PackagedGateway gateway, String status) {
    long count = 0;
    for (var service : gateway.client().get("/llm/services").tree().path("data")) {
      if (service.path("status").asText().equals(status)) count++;
    }
    return count;
  }
}

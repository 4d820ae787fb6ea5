package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** A provider is one file: dropped into {@code providers/}, it is there. */
class DroppedInProviderIT {

  private static final Path LIKE_IT =
      Path.of("src/main/resources/kamelets/openai-compatible-sink.kamelet.yaml");

  @Test
  void answersLikeOneOfTheOthers() throws Exception {
    var kamelet =
        Files.readString(LIKE_IT)
            .replace("openai-compatible-sink", "acme-sink")
            .replace(
                "        - to: direct:call-openai-api",
                "        - setHeader: { name: X-Acme, constant: rocket }\n"
                    + "        - to: direct:call-openai-api");
    try (var fake = FakeService.start();
        var gateway =
            Launch.with(
                    "caravan.service.acme-cloud.provider=acme",
                    "caravan.service.acme-cloud.urls=" + fake.url(),
                    "caravan.service.acme-cloud.api-key=k")
                .file("providers/acme-sink.kamelet.yaml", kamelet)
                .start()) {
      fake.onChat(call -> call.json(200, Requests.wire("openai/chat.response.json")));
      var reply = gateway.client().chat("acme-cloud~m", "");
      assertThat(reply.status()).as(gateway.console() + reply.body()).isEqualTo(200);
      assertThat(reply.tree().path("model").asText()).isEqualTo("acme-cloud~m");
      var call = fake.next();
      assertThat(call.header("x-acme")).isEqualTo("rocket");
      assertThat(call.header("authorization")).isEqualTo("Bearer k");
    }
  }

  @Test
  void mayBlockWithoutAnybodyElseWaiting() throws Exception {
    int callers = 24; // more than threads that one Kamelet gets
    var large = "'user':'" + "x".repeat(100_000) + "'"; // is read on a worker thread as well
    var slow =
        Files.readString(LIKE_IT)
            .replace("openai-compatible-sink", "slow-sink")
            .replace(
                "        - to: direct:call-openai-api",
                "        - delay: { expression: { constant: { expression: '4000' } }, asyncDelayed: false }\n"
                    + "        - to: direct:call-openai-api");
    try (var fake = FakeService.start();
        var gateway =
            Launch.with(
                    "caravan.service.mock.provider=mock",
                    "caravan.service.slow.provider=slow",
                    "caravan.service.slow.enable-discovery=false",
                    "caravan.service.slow.urls=" + fake.url())
                .file("providers/slow-sink.kamelet.yaml", slow)
                .start()) {
      var waiting = new ArrayList<RawCall>();
      for (int i = 0; i < callers; i++) {
        waiting.add(
            RawCall.post(
                gateway, "/v1/chat/completions", Requests.chat("slow~m", "'stream':true")));
      }
      for (int i = 0; i < callers; i++) {
        assertThat(gateway.client().chat("mock~echo", i == 9 ? large : "").status()).isEqualTo(200);
      }
      assertThat(fake.waiting()).as("calls that came out of the slow Kamelet").isZero();
      for (var call : waiting) call.close();
    }
  }
}

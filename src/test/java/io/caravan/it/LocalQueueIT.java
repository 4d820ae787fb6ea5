package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** More requests than a loaded model has slots: so many wait, in order and for so long. */
class LocalQueueIT {

  private static final String PATH = "/v1/chat/completions";

  @TempDir Path folder;

  static Stream<LocalEngine> engines() {
    return LocalEngine.present();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void asManyWaitAsMayAndTheStatusTellsHowMany(LocalEngine engine) throws Exception {
    try (var gateway = launch(engine, "caravan.local.parallel=1", "caravan.local.max-waiting=3");
        var busy = RawCall.post(gateway, PATH, Requests.endless("local~long"))) {
      busy.event();
      var waiting = new ArrayList<RawCall>();
      for (int i = 1; i <= 3; i++) {
        waiting.add(RawCall.post(gateway, PATH, Requests.chat("local~long", "'max_tokens':2")));
        int number = i;
        Await.until("it waits", () -> status(gateway).path("waiting").asInt() == number);
      }
      assertThat(status(gateway).at("/loaded/0/waiting").asInt()).isEqualTo(3);
      assertThat(status(gateway).at("/loaded/0/requests").asInt()).isEqualTo(1);
      var refused = gateway.client().chat("local~long", "'max_tokens':2");
      assertThat(refused.status()).as(refused.body()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isNotNull();
      assertThat(refused.error().path("message").asText()).contains("this would be number 4");
      var tokens =
          gateway.client().post("/v1/tokenize", Requests.json("{'model':'long','content':'a'}"));
      assertThat(tokens.status()).as("tokens need no slot: " + tokens.body()).isEqualTo(200);
      waiting.get(0).close();
      Await.until("it has left", () -> status(gateway).path("waiting").asInt() == 2);
      busy.close();
      for (var call : waiting.subList(1, 3)) assertThat(call.status()).isEqualTo(200);
      for (var call : waiting) call.close();
      gateway.assertIdle();
    }
  }

  @ParameterizedTest
  @MethodSource("engines")
  void whoWaitsTooLongForASlotHearsThePlaceInTheQueue(LocalEngine engine) throws Exception {
    try (var gateway =
            launch(engine, "caravan.local.parallel=1", "caravan.local.queue-timeout-sec=0.2");
        var busy = RawCall.post(gateway, PATH, Requests.endless("local~long"))) {
      busy.event();
      var reply = gateway.client().chat("local~long", "'max_tokens':2");
      assertThat(reply.status()).as(reply.body()).isEqualTo(503);
      assertThat(reply.header("Retry-After")).isNotNull();
      assertThat(reply.error().path("message").asText()).contains("is number 1 of 1 in the queue");
    }
  }

  private PackagedGateway launch(LocalEngine engine, String... more) throws Exception {
    var model = Stream.of(GgufPatch.longModel(folder));
    var gateway =
        engine.launch(Stream.concat(model, Stream.of(more)).toArray(String[]::new)).start();
    GgufPatch.awaitLongModel(gateway);
    return gateway;
  }

  private static JsonNode status(PackagedGateway gateway) {
    return gateway.client().get("/llm/services/local").tree();
  }
}

package io.caravan.it;

import static io.caravan.it.Requests.chunk;
import static io.caravan.it.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Json;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A failure behind the first content: told in the stream, which then never looks whole. */
class BrokenStreamsIT {

  private static final String KEY = "sk-secret-of-the-service";

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        PackagedGateway.before(
            fake,
            "openai-compatible",
            "caravan.service.fake.api-key=" + KEY,
            "caravan.breaker.enabled=false",
            "caravan.service.fake.first-token-timeout-sec=60",
            "caravan.service.fake.idle-timeout-sec=0.4",
            "caravan.service.fake.long-timeout-sec=1.5");
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @BeforeEach
  void forget() {
    fake.forget();
  }

  @AfterEach
  void nothingIsLeft() {
    gateway.assertIdle();
  }

  @Test
  void closedOrReset() throws Exception {
    assertBreaks(FakeCall::close, "upstream_bad_answer");
    assertBreaks(FakeCall::reset, "upstream_bad_answer");
  }

  @Test
  void endedWithoutAFinish() throws Exception {
    assertBreaks(FakeCall::end, "upstream_bad_answer");
    assertBreaks(call -> call.send("data: {\"choices\":[{").end(), "upstream_bad_answer");
  }

  @Test
  void silent() throws Exception {
    assertBreaks(call -> {}, "upstream_timeout");
  }

  @Test
  void silentButForComments() throws Exception {
    try (var stream = begin()) {
      var service = fake.next().stream();
      service.event(chunk("one"));
      stream.event();
      service.send(": still loading\n\n").done();
      assertThat(stream.events()).last().isEqualTo("data: [DONE]");
    }
  }

  @Test
  void aliveButWithoutContent() throws Exception {
    var timer = Executors.newSingleThreadScheduledExecutor();
    try (var stream = begin()) {
      var service = fake.next().stream();
      service.event(chunk("one"));
      stream.event();
      var empty = json("{'choices':[{'index':0,'delta':{},'finish_reason':null}]}");
      timer.scheduleWithFixedDelay(() -> service.event(empty), 0, 100, TimeUnit.MILLISECONDS);
      assertThat(stream.events()).last().asString().contains("upstream_timeout");
    } finally {
      timer.shutdownNow();
    }
  }

  @Test
  void aMalformedEvent() throws Exception {
    assertBreaks(call -> call.event("{nonsense").end(), "upstream_bad_answer");
    assertBreaks(
        call -> call.event("7").event("7").event("7").event("7").done(), "upstream_bad_answer");
    assertBreaks(call -> call.event("{\"tool_calls\":[").done(), "upstream_bad_answer");
  }

  @Test
  void aMalformedEventInAStreamThatGoesOn() throws Exception {
    fake.onChat(call -> call.stream().event(chunk("one")).event("{nonsense").done());
    try (var stream = begin()) {
      assertThat(stream.events()).hasSize(4).last().isEqualTo("data: [DONE]");
    }
  }

  @Test
  void anErrorEvent() throws Exception {
    var error =
        json(
            "{'error':{'message':'Out of memory near "
                + KEY
                + "','type':'server_error','code':500}}");
    var told = assertBreaks(call -> call.event(error).end(), null);
    assertThat(told).contains("Out of memory").doesNotContain(KEY);
    fake.onChat(
        call -> call.stream().send(Requests.wire("openai/chat.stream.error-midway.sse")).end());
    try (var stream = begin()) {
      var events = stream.events();
      assertThat(events).last().asString().contains("\"error\"");
      assertThat(events).doesNotContain("data: [DONE]");
    }
  }

  private static RawCall begin() throws Exception {
    return RawCall.streamedChat(gateway, "fake~m");
  }

  private static String assertBreaks(Consumer<FakeCall> failure, String code) throws Exception {
    fake.onChat(call -> failure.accept(call.stream().event(chunk("one"))));
    try (var stream = begin()) {
      assertThat(stream.status()).isEqualTo(200);
      var events = stream.events();
      assertThat(events).hasSize(3).anyMatch(event -> event.contains("one"));
      var last = Json.read(events.get(2).substring("data: ".length())).path("error");
      assertThat(last.fieldNames()).toIterable().contains("message", "type", "param", "code");
      assertThat(last.path("code").asText(null)).isEqualTo(code);
      assertThat(last.path("type").asText()).isEqualTo("server_error");
      return events.get(2);
    }
  }
}

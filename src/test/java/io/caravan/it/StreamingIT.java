package io.caravan.it;

import static io.caravan.it.Requests.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A streamed chat on the wire, byte by byte (wire-facts §2.4). */
class StreamingIT {

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway = PackagedGateway.before(fake, "openai-compatible");
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
  void isEventsOfOneDataLineAndThenDone() throws Exception {
    replay("openai/chat.stream.sse");
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      assertThat(call.status()).isEqualTo(200);
      assertThat(call.header("content-type")).startsWith("text/event-stream");
      assertThat(call.header("cache-control")).isEqualTo("no-cache");
      var events = call.events();
      assertThat(events).allSatisfy(event -> assertThat(event).startsWith("data: "));
      assertThat(events).noneMatch(event -> event.contains("\n"));
      assertThat(events).last().isEqualTo("data: [DONE]");
    }
  }

  @Test
  void hasOneHeadInAllChunksAndTheRoleFirst() throws Exception {
    replay("openai/chat.stream.sse");
    var chunks = chunks("");
    assertThat(chunks).extracting(c -> c.path("id").asText()).containsOnly(first(chunks, "id"));
    assertThat(chunks).extracting(c -> c.path("created").asLong()).hasSizeGreaterThan(2);
    assertThat(chunks).extracting(c -> c.path("created").asLong()).doesNotContain(0L);
    assertThat(chunks).extracting(c -> c.path("model").asText()).containsOnly("fake~m");
    assertThat(chunks.get(0).at("/choices/0/delta/role").asText()).isEqualTo("assistant");
    assertThat(chunks).noneMatch(c -> c.path("choices").isEmpty() || c.has("usage"));
    var last = chunks.get(chunks.size() - 1);
    assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(last.at("/choices/0/delta")).isEmpty();
  }

  @Test
  void endsWithTheUsageOnlyIfAskedTo() throws Exception {
    replay("openai/chat.stream.include_usage.sse");
    var asked = chunks("'stream_options':{'include_usage':true}");
    var last = asked.remove(asked.size() - 1);
    assertThat(last.path("choices").isArray()).isTrue();
    assertThat(last.path("choices")).isEmpty();
    assertThat(last.at("/usage/total_tokens").asInt()).isPositive();
    assertThat(asked).allMatch(c -> c.has("usage") && c.get("usage").isNull());
    assertThat(chunks("")).noneMatch(c -> c.path("choices").isEmpty() || c.has("usage"));
  }

  @Test
  void bringsEachEventAtOnce() throws Exception {
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream();
      for (int i = 0; i < 20; i++) {
        service.event(chunk("word" + i + " "));
        if (i == 0) assertThat(call.event()).contains("'role'".replace('\'', '"'));
        assertThat(call.event()).contains("word" + i + " ");
      }
      service.done();
      assertThat(call.events()).last().isEqualTo("data: [DONE]");
    }
  }

  @Test
  void joinsWhatTheNetworkHasCut() throws Exception {
    var text = "Grüße, 世界 🐪";
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream();
      for (byte b : ("data: " + chunk(text) + "\n\n").getBytes(StandardCharsets.UTF_8)) {
        service.send(new byte[] {b});
      }
      service.done();
      assertThat(String.join("", call.events())).contains(text).doesNotContain("\uFFFD");
    }
  }

  @Test
  void understandsOtherLineEndsAndComments() throws Exception {
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream();
      service.send(": keep-alive\r\n\r\ndata:" + chunk("one") + "\r\n\r\n");
      service.send("event: message\r\nid: 7\r\ndata: " + chunk("two") + "\r\n\r\n");
      service.done();
      var all = String.join("\n", call.events());
      assertThat(all).contains("one", "two", "[DONE]").doesNotContain("keep-alive", "event:");
    }
  }

  private static void replay(String sample) {
    fake.onChat(call -> call.stream().send(Requests.wire(sample)).end());
  }

  private static String first(List<JsonNode> chunks, String field) {
    return chunks.get(0).path(field).asText();
  }

  private static List<JsonNode> chunks(String fields) throws IOException {
    var body =
        Requests.chat("fake~m", fields.isEmpty() ? "'stream':true" : "'stream':true," + fields);
    try (var call = RawCall.post(gateway, "/v1/chat/completions", body)) {
      var chunks = new ArrayList<JsonNode>();
      for (var event : call.events()) {
        var data = event.substring("data: ".length());
        if (!data.equals("[DONE]")) chunks.add(Json.read(data));
      }
      return chunks;
    }
  }
}

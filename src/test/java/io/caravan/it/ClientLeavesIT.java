package io.caravan.it;

import static io.caravan.it.Requests.chunk;
import static io.caravan.it.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that leaves: the service is let go within a second, at whatever moment it happens. */
class ClientLeavesIT {

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final String CHAT = "/v1/chat/completions";
  private static final int MANY = 50;

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        PackagedGateway.before(
            fake,
            "openai-compatible",
            "caravan.service.native.provider=ollama",
            "caravan.service.native.urls=" + fake.url());
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
    assertThat(gateway.console()).doesNotContain("WARN", "ERROR");
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, "/v1/completions", "/v1/embeddings"})
  void duringACallThatIsNotStreamed(String path) throws Exception {
    var body =
        json(
            "{'model':'fake~m','prompt':'a','input':'a','messages':[{'role':'user','content':'a'}]}");
    try (var call = RawCall.post(gateway, path, body)) {
      var service = fake.next();
      assertLetGo(service, call);
    }
  }

  @Test
  void insideAnAnswerThatIsNotStreamed() throws Exception {
    try (var call = RawCall.post(gateway, CHAT, Requests.chat("fake~m", ""))) {
      var service = fake.next().stream("application/json").send("{");
      assertLetGo(service, call);
    }
  }

  @Test
  void beforeTheHeadOfAStream() throws Exception {
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next();
      assertLetGo(service, call);
    }
  }

  @Test
  void beforeTheFirstContent() throws Exception {
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream().event(Requests.roleChunk());
      assertLetGo(service, call);
    }
  }

  @Test
  void insideAStream() throws Exception {
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream().event(chunk("one"));
      call.event();
      call.event();
      assertLetGo(service, call);
    }
  }

  @Test
  void insideAStreamThatIsTranslated() throws Exception {
    var line = Requests.wire("ollama/chat.stream.ndjson").lines().findFirst().orElseThrow();
    try (var call = RawCall.streamedChat(gateway, "native~m")) {
      var service = fake.next().stream("application/x-ndjson").send(line + "\n");
      call.event();
      assertLetGo(service, call);
    }
  }

  @Test
  void insideAStreamThatFlows() throws Exception {
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream().event(chunk("one"));
      call.event();
      call.close();
      Await.until("the service is let go", SOON, () -> service.isLeftWhenSent(chunk("more")));
    }
  }

  @Test
  void duringTheUpload() throws Exception {
    try (var call = RawCall.sending(gateway, RawCall.head(CHAT, 1000) + "{\"model\":")) {
      call.close();
    }
    gateway.assertIdle();
    assertThat(fake.waiting()).isZero();
  }

  @Test
  void manyAtOnce() throws Exception {
    var calls = new ArrayList<RawCall>();
    for (int i = 0; i < MANY; i++) calls.add(RawCall.streamedChat(gateway, "fake~m"));
    var services = new ArrayList<FakeCall>();
    for (int i = 0; i < MANY; i++) services.add(fake.next());
    for (var call : calls) call.close();
    for (var service : services) assertThat(service.isLeftWithin(SOON)).isTrue();
  }

  private static void assertLetGo(FakeCall service, RawCall call) throws Exception {
    call.close();
    assertThat(service.isLeftWithin(SOON)).isTrue();
  }
}

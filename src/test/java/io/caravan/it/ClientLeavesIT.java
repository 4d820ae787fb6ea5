package io.caravan.it;

import static io.caravan.it.Requests.chunk;
import static io.caravan.it.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
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
      call.close();
      assertThat(service.isLeftWithin(SOON)).isTrue();
    }
  }

  @Test
  void insideAnAnswerThatIsNotStreamed() throws Exception {
    try (var call = RawCall.post(gateway, CHAT, Requests.chat("fake~m", ""))) {
      var service = fake.next().stream("application/json").send("{");
      call.close();
      assertThat(service.isLeftWithin(SOON)).isTrue();
    }
  }

  @Test
  void beforeTheHeadOfAStream() throws Exception {
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next();
      call.close();
      assertThat(service.isLeftWithin(SOON)).isTrue();
    }
  }

  @Test
  void beforeTheFirstContent() throws Exception {
    var role = json("{'id':'c','choices':[{'index':0,'delta':{'role':'assistant','content':''}}]}");
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream().event(role);
      call.close();
      assertThat(service.isLeftWithin(SOON)).isTrue();
    }
  }

  @Test
  void insideAStream() throws Exception {
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream().event(chunk("one"));
      call.event();
      call.event();
      call.close();
      assertThat(service.isLeftWithin(SOON)).isTrue();
    }
  }

  @Test
  void insideAStreamThatIsTranslated() throws Exception {
    var line = Requests.wire("ollama/chat.stream.ndjson").lines().findFirst().orElseThrow();
    try (var call = RawCall.streamedChat(gateway, "native~m")) {
      var service = fake.next().stream("application/x-ndjson").send(line + "\n");
      call.event();
      call.close();
      assertThat(service.isLeftWithin(SOON)).isTrue();
    }
  }

  @Test
  void insideAStreamThatFlows() throws Exception {
    try (var call = RawCall.streamedChat(gateway, "fake~m")) {
      var service = fake.next().stream().event(chunk("one"));
      call.event();
      call.close();
      Await.until("the service is let go", SOON, () -> isLeftAfterSending(service));
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
  void withAnAnswerThatIsSentWhole() throws Exception {
    try (var call = RawCall.post(gateway, CHAT, Requests.chat("fake~m", ""))) {
      var service = fake.next();
      service.json(200, Requests.wire("openai/chat.response.json"));
      call.close();
    }
    gateway.assertIdle();
  }

  @Test
  void manyAtOnce() throws Exception {
    var calls = new java.util.ArrayList<RawCall>();
    for (int i = 0; i < 50; i++) calls.add(RawCall.streamedChat(gateway, "fake~m"));
    var services = new java.util.ArrayList<FakeCall>();
    for (int i = 0; i < 50; i++) services.add(fake.next());
    for (var call : calls) call.close();
    for (var service : services) assertThat(service.isLeftWithin(SOON)).isTrue();
  }

  private static boolean isLeftAfterSending(FakeCall service) throws Exception {
    try {
      service.event(chunk("more"));
    } catch (RuntimeException closed) {
      return true;
    }
    return service.isLeftWithin(Duration.ofMillis(1));
  }
}

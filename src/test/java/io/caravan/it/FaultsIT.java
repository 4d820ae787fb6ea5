package io.caravan.it;

import static io.caravan.it.Refusals.assertFailed;
import static io.caravan.it.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.it.Client.Reply;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client is told when a service fails before the answer began, streamed or not. */
class FaultsIT {

  private static final String HTML = "<html><body><h1>It works!</h1></body></html>";

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        PackagedGateway.before(
            fake,
            "openai-compatible",
            "caravan.service.fake.first-token-timeout-sec=0.4",
            "caravan.service.fake.long-timeout-sec=0.4",
            "caravan.breaker.enabled=false",
            "caravan.service.strict.provider=openai-compatible",
            "caravan.service.strict.urls=" + fake.url(),
            "caravan.service.strict.enable-discovery=false",
            "caravan.service.strict.first-token-timeout-sec=0.4",
            "caravan.service.strict.head-timeout-sec=0.4",
            "caravan.service.down.provider=openai-compatible",
            "caravan.service.down.urls=http://127.0.0.1:" + Launch.freePort());
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
    assertThat(gateway.console()).doesNotContain("\tat ", "Exception");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServiceThatIsDown(boolean streamed) {
    var reply = gateway.client().chat("down~m", "'stream':" + streamed);
    assertFailed(reply, 502, "upstream_unreachable");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServiceThatIsSilent(boolean streamed) throws Exception {
    assertFailed(chat(call -> {}, streamed), 504, "upstream_timeout");
    assertThat(fake.next().isLeftWithin(Await.PATIENCE)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aServiceThatIsSilentForLongerThanItsOwnLimit(boolean streamed) throws Exception {
    fake.onChat(call -> {});
    var reply = gateway.client().chat("strict~m", "'stream':" + streamed);
    assertFailed(reply, 504, "upstream_timeout");
    assertThat(fake.next().isLeftWithin(Await.PATIENCE)).isTrue();
  }

  @Test
  void aServiceThatSendsOnlyAHead() throws Exception {
    assertFailed(chat(FakeCall::stream, true), 504, "upstream_timeout");
    assertThat(fake.next().isLeftWithin(Await.PATIENCE)).isTrue();
    assertFailed(chat(call -> call.stream("application/json"), false), 504, "upstream_timeout");
    assertThat(fake.next().isLeftWithin(Await.PATIENCE)).isTrue();
  }

  @Test
  void aServiceThatSendsOnlyTheRole() {
    assertFailed(
        chat(call -> call.stream().event(Requests.roleChunk()), true), 504, "upstream_timeout");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aConnectionThatIsClosedBeforeTheHead(boolean streamed) {
    assertFailed(chat(FakeCall::close, streamed), 502, "upstream_unreachable");
    assertFailed(chat(FakeCall::reset, streamed), 502, "upstream_unreachable");
  }

  @Test
  void aConnectionThatIsClosedInsideTheAnswer() {
    Consumer<FakeCall> half =
        call -> {
          call.response()
              .putHeader("Content-Length", "500")
              .putHeader("Content-Type", "application/json");
          call.send("{").close();
        };
    assertFailed(chat(half, false), 502, "upstream_bad_answer");
    assertFailed(
        chat(call -> call.stream("application/json").send("{").reset(), false),
        502,
        "upstream_bad_answer");
    assertFailed(chat(call -> call.stream().reset(), true), 502, "upstream_bad_answer");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersThatAreNone(boolean streamed) {
    assertFailed(
        chat(call -> call.answer(200, "text/html", HTML), streamed), 502, "upstream_bad_answer");
    assertFailed(chat(call -> call.json(200, ""), streamed), 502, "upstream_bad_answer");
    assertFailed(
        chat(call -> call.json(200, "{\"choices\":["), streamed), 502, "upstream_bad_answer");
    assertFailed(chat(call -> call.json(200, "[]"), streamed), 502, "upstream_bad_answer");
    assertFailed(chat(call -> call.json(200, "{}"), streamed), 502, "upstream_bad_answer");
    assertFailed(
        chat(call -> call.json(302, "", "Location", "/x"), streamed), 502, "upstream_bad_answer");
  }

  @Test
  void streamsThatAreNone() {
    assertFailed(chat(call -> call.stream().end(), true), 502, "upstream_bad_answer");
    assertFailed(
        chat(call -> call.stream().event("[DONE]").end(), true), 502, "upstream_bad_answer");
    assertFailed(
        chat(call -> call.stream().event("{nonsense").end(), true), 502, "upstream_bad_answer");
    assertFailed(chat(call -> call.stream().send(HTML).end(), true), 502, "upstream_bad_answer");
  }

  @Test
  void errorsInsideA200() {
    var overloaded = json("{'error':{'message':'Too busy','type':'server_error','code':503}}");
    var reply = chat(call -> call.json(200, overloaded), false);
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.error().path("message").asText()).isEqualTo("Too busy");
    reply = chat(call -> call.stream().event(overloaded).end(), true);
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("content-type")).startsWith("application/json");
    var unexplained =
        json("{'object':'error','message':'No such thing','type':'BadRequestError','code':400}");
    assertThat(chat(call -> call.json(200, unexplained), false).status()).isEqualTo(400);
  }

  private static Reply chat(Consumer<FakeCall> script, boolean streamed) {
    fake.onChat(script);
    return gateway.client().chat("fake~m", "'stream':" + streamed);
  }
}

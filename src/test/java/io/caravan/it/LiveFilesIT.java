package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is edited while the gateway runs counts, and no call is lost by it. */
class LiveFilesIT {

  private static final String LIKE_IT =
      "src/main/resources/kamelets/openai-compatible-sink.kamelet.yaml";
  private static final String LAST_STEP = "        - to: direct:call-openai-api";
  private static final String FILE = "providers/acme-sink.kamelet.yaml";

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws IOException {
    fake = FakeService.start();
    gateway =
        Launch.with(
                "caravan.service.acme.provider=acme",
                "caravan.service.acme.urls=" + fake.url(),
                "caravan.service.plain.provider=openai-compatible",
                "caravan.service.plain.urls=" + fake.url(),
                "caravan.database.url=jdbc:h2:mem:live")
            .file(FILE, kamelet("acme", "one"))
            .file("providers/broken-sink.kamelet.yaml", "kind: [")
            .start();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  /** A provider whose calls carry a header. */
  private static String kamelet(String name, String header) throws IOException {
    return Files.readString(Path.of(LIKE_IT))
        .replace("openai-compatible-sink", name + "-sink")
        .replace(
            LAST_STEP,
            "        - setHeader: { name: X-Acme, constant: " + header + " }\n" + LAST_STEP);
  }

  private static void answerWithHeader() {
    fake.onChat(
        call -> {
          if (call.tree().path("stream").asBoolean()) return;
          var content = String.valueOf(call.header("x-acme"));
          call.json(200, Requests.json(COMPLETION.formatted(content)));
        });
  }

  private static final String COMPLETION =
      "{'id':'x','object':'chat.completion','created':1,'model':'m','choices':[{'index':0,"
          + "'message':{'role':'assistant','content':'%s'},'finish_reason':'stop'}]}";

  private static String answer(String model) {
    var reply = gateway.client().chat(model, "");
    assertThat(reply.status()).as(reply.body() + gateway.console()).isEqualTo(200);
    return reply.tree().at("/choices/0/message/content").asText();
  }

  private static void edit(String file, String text) throws IOException {
    Files.writeString(gateway.directory().resolve(file), text);
  }

  private static JsonNode refused(String file) {
    for (var each : gateway.client().get("/llm/providers").tree().path("refused")) {
      if (each.path("file").asText().endsWith(file)) return each;
    }
    return null;
  }

  @Test
  void aChangedKameletLosesNoCall() throws Exception {
    edit(FILE, kamelet("acme", "one"));
    answerWithHeader();
    Await.until("version one", () -> answer("acme~m").equals("one"));
    fake.forgetCalls();
    try (var stream = RawCall.streamedChat(gateway, "acme~m")) {
      var upstream = fake.next().stream().event(Requests.chunk("before"));
      assertThat(until(stream, "before")).isTrue();
      var calls = new SteadyCalls(gateway, "acme~m", 4);
      try (calls) {
        for (var version : new String[] {"two", "three", "four"}) {
          edit(FILE, kamelet("acme", version));
          Await.until("version " + version, () -> answer("acme~m").equals(version));
          calls.more(50);
        }
        edit(FILE, kamelet("acme", "five").replace("setHeader", "setHeadr"));
        Await.until("it is refused", () -> refused(FILE) != null);
        calls.more(50);
      }
      assertThat(calls.failures()).isEmpty();
      assertThat(answer("acme~m")).isEqualTo("four");
      upstream.event(Requests.chunk("behind")).done();
      assertThat(until(stream, "behind")).isTrue();
      assertThat(stream.events()).last().asString().contains("[DONE]");
    }
  }

  /** Reads events until one holds a text; false if none does. */
  private static boolean until(RawCall stream, String text) throws IOException {
    for (var event = stream.event(); event != null; event = stream.event()) {
      if (event.contains(text)) return true;
    }
    return false;
  }

  @Test
  void aBrokenOneIsRefusedWithFileLineAndReason() throws Exception {
    answerWithHeader();
    var right = kamelet("acme", "right");
    edit(FILE, right);
    Await.until("the right one", () -> answer("acme~m").equals("right"));
    assertThat(refused(FILE)).isNull();
    int line = right.substring(0, right.indexOf("setHeader")).split("\n", -1).length;
    for (var wrong :
        new String[][] {
          {right.replace("setHeader", "setHeadr"), "setHeadr"},
          {right.replace("setHeader", "to: { uri: 'nowhere:x' }\n        - setHeader"), "nowhere"},
          {right.replace("setHeader", "to: direct:lost\n        - setHeader"), "direct:lost"},
        }) {
      edit(FILE, wrong[0]);
      Await.until(
          "refused for " + wrong[1],
          () -> refused(FILE) != null && refused(FILE).path("reason").asText().contains(wrong[1]));
      assertThat(refused(FILE).path("line").asInt()).as(wrong[1]).isBetween(line, line + 2);
      assertThat(answer("acme~m")).isEqualTo("right");
    }
    assertThat(gateway.console()).contains(FILE + " is refused").contains("setHeadr");
    edit(FILE, right);
    Await.until("it is right again", () -> refused(FILE) == null);
    assertThat(refused("broken-sink.kamelet.yaml").path("line").asInt()).isPositive();
  }

  @Test
  void aNewProviderAndItsServiceAreThereWithoutARestart() throws Exception {
    answerWithHeader();
    var before = Files.readString(settings());
    edit("providers/fresh-sink.kamelet.yaml", kamelet("fresh", "fresh"));
    write(
        before
            + "\ncaravan.service.fresh.provider=fresh\ncaravan.service.fresh.urls="
            + fake.url());
    Await.until(
        "it is listed", () -> gateway.client().get("/v1/models").body().contains("fresh~m"));
    assertThat(answer("fresh~m")).isEqualTo("fresh");
    assertThat(gateway.client().get("/llm/providers").body()).contains("\"name\":\"fresh\"");
    var file = "providers/fresh-sink.kamelet.yaml";
    Files.delete(gateway.directory().resolve(file));
    Await.until("it is missed", () -> refused(file) != null);
    assertThat(answer("fresh~m")).isEqualTo("fresh");
    write(before);
    Await.until("it is gone", () -> gateway.client().chat("fresh~m", "").status() == 404);
    Await.until("nobody misses it", () -> refused(file) == null);
    assertThat(gateway.client().get("/llm/providers").body()).doesNotContain("fresh");
    assertThat(gateway.client().get("/llm/services").body()).doesNotContain("fresh");
    assertThat(gateway.client().get("/llm/breakers").body()).doesNotContain("fresh~");
  }

  @Test
  void settingsThatNameAProviderWaitForItsFile() throws Exception {
    answerWithHeader();
    var before = Files.readString(settings());
    write(
        before
            + "\ncaravan.model.later.targets=plain~m\ncaravan.service.late.provider=late"
            + "\ncaravan.service.late.urls="
            + fake.url());
    Await.until("they are refused", () -> isRefused("late-sink.kamelet.yaml"));
    edit("providers/late-sink.kamelet.yaml", kamelet("late", "late"));
    Await.until("the service", () -> gateway.client().chat("late~m", "").status() == 200);
    assertThat(answer("later")).as("an alias in the same file").isEqualTo("null");
    assertThat(refused("test.properties")).isNull();
    write(before);
    Await.until("it is gone", () -> gateway.client().chat("late~m", "").status() == 404);
    Files.delete(gateway.directory().resolve("providers/late-sink.kamelet.yaml"));
  }

  @Test
  void editedSettingsCountAndWrongOnesAreRefused() throws Exception {
    answerWithHeader();
    var before = Files.readString(settings());
    var calls = new SteadyCalls(gateway, "plain~m", 2);
    try (calls) {
      write(
          before
              + "\ncaravan.model.quick.targets=plain~m\ncaravan.jobs.per-node=3\ncaravan.servce.x=1"
              + "\ncaravan.service.plain.idle-timout-sec=4");
      Await.until("the alias", () -> gateway.client().chat("quick", "").status() == 200);
      assertThat(gateway.client().get("/v1/models").body()).contains("\"quick\"");
      assertThat(gateway.console())
          .contains("take effect when Caravan is started again: caravan.jobs.per-node")
          .contains("The setting caravan.servce.x is not known")
          .contains("idle-timout-sec is not known; did you mean")
          .contains("caravan.service.plain.idle-timeout-sec?");
      for (var wrong :
          new String[] {
            "caravan.service.plain.idle-timeout-sec=soon",
            "caravan.service.other.provider=nope",
            "caravan.model.quick.strategy=luck\ncaravan.model.quick.targets=plain~m",
            "caravan.model.quick.weights=1,2\ncaravan.model.quick.targets=plain~m",
            "caravan.model.quick.targets=quick",
            "caravan.retry.max-attempts=0",
            "caravan.service.plain.max-attempts=0",
          }) {
        var key = wrong.substring(0, wrong.indexOf('='));
        write(before + "\n" + wrong);
        Await.until(wrong, () -> isRefused(key));
        assertThat(refused("test.properties").path("key").asText()).startsWith(key);
        assertThat(answer("quick")).as("what was before stays").isEqualTo("null");
      }
      write(before + "\ncaravan.model.quick.targets=plain~m\ncaravan.x=\\u12");
      Await.until("no text", () -> isRefused("hexadecimal"));
      Files.delete(settings());
      Await.until("it is noted", () -> gateway.console().contains("settings file is gone"));
      assertThat(answer("quick")).isEqualTo("null");
      write(before);
      Await.until("the alias is gone", () -> gateway.client().chat("quick", "").status() == 404);
      assertThat(refused("test.properties")).isNull();
    }
    assertThat(calls.failures()).isEmpty();
  }

  private static boolean isRefused(String reason) {
    var refused = refused("test.properties");
    return refused != null && refused.path("reason").asText().contains(reason);
  }

  @Test
  void limitsOfAServiceFollowTheFile() throws Exception {
    var before = Files.readString(settings());
    fake.onChat(call -> {});
    write(before + "\ncaravan.service.plain.max-concurrent=1\ncaravan.service.plain.max-queue=0");
    Await.until(
        "one at a time",
        () -> {
          fake.forgetCalls();
          try (var one = RawCall.streamedChat(gateway, "plain~m");
              var two = RawCall.streamedChat(gateway, "plain~m")) {
            fake.next(); // one of both, the other one waits for it or is refused
            var statuses = List.of(status(one), status(two));
            Await.until(
                "the other one is decided on",
                () -> fake.waiting() > 0 || statuses.stream().anyMatch(CompletableFuture::isDone));
            return fake.waiting() == 0;
          }
        });
    write(
        before
            + "\ncaravan.service.plain.first-token-timeout-sec=0.3\ncaravan.service.plain.long-timeout-sec=0.3");
    Await.until(
        "a short time limit",
        () ->
            gateway
                .client()
                .get("/llm/services/plain")
                .body()
                .contains("\"long_timeout_sec\":0.3"));
    assertThat(gateway.client().chat("plain~m", "").status()).isEqualTo(504);
    write(before);
  }

  private static CompletableFuture<Integer> status(RawCall call) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return call.status();
          } catch (IOException closed) {
            return 0;
          }
        });
  }

  private static Path settings() {
    return gateway.directory().resolve("test.properties");
  }

  private static void write(String text) throws IOException {
    Files.writeString(settings(), text);
  }
}

package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalTime;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every recipe of docs/routing-recipes.md, as it is printed there. */
class RoutingRecipesIT {

  private static final Path DOC = Path.of("docs/routing-recipes.md");
  private static final String CHAT = "/v1/chat/completions";

  private FakeService small;
  private FakeService big;

  @BeforeEach
  void start() {
    small = FakeService.start();
    big = FakeService.start();
    for (var fake : new FakeService[] {small, big}) {
      fake.onChat(call -> call.json(200, Requests.wire("openai/chat.response.json")));
    }
  }

  @AfterEach
  void stop() {
    small.close();
    big.close();
  }

  @Test
  void byAFieldOfTheBody() throws Exception {
    try (var gateway = gateway("body-field")) {
      assertAnswered(gateway, "small~m", "");
      assertAnswered(gateway, "big~m", "'metadata':{'tier':'gold'}");
      assertAnswered(gateway, "small~m", "'metadata':{'tier':'tin'}");
    }
  }

  @Test
  void byAHeader() throws Exception {
    try (var gateway = gateway("header")) {
      assertAnswered(gateway, "small~m", "");
      var reply = gateway.client().post(CHAT, Requests.chat("small~m", ""), "X-Team", "research");
      assertThat(reply.tree().path("model").asText()).isEqualTo("big~m");
    }
  }

  @Test
  void byTheLengthOfThePrompt() throws Exception {
    try (var gateway = gateway("prompt-length")) {
      assertAnswered(gateway, "small~m", "");
      assertAnswered(gateway, "big~m", "'user':'" + "u".repeat(2000) + "'");
    }
  }

  @Test
  void byTheTimeOfDay() throws Exception {
    int hour = LocalTime.now().getHour();
    var recipe = recipe("time-of-day");
    var now = recipe.replace(">= 22", ">= " + hour).replace("< 6", "< 0");
    assertThat(now).isNotEqualTo(recipe);
    try (var gateway = launch(now)) {
      assertAnswered(gateway, "big~m", "");
    }
    var later = recipe.replace(">= 22", ">= 24").replace("< 6", "< 0");
    try (var gateway = launch(later)) {
      assertAnswered(gateway, "small~m", "");
    }
  }

  @Test
  void shadowTraffic() throws Exception {
    try (var gateway = gateway("shadow")) {
      assertAnswered(gateway, "small~m", "");
      assertThat(small.next().tree()).isEqualTo(big.next().tree());
      big.onChat(call -> call.stream().event(Requests.roleChunk()).event(Requests.chunk("a")));
      small.onChat(call -> call.stream().event(Requests.chunk("b")).done());
      try (var call = RawCall.streamedChat(gateway, "small~m")) {
        assertThat(call.events()).last().asString().contains("[DONE]");
      }
      var shadow = big.next();
      Await.until(
          "the shadow's stream to be ended", () -> shadow.isLeftWhenSent(Requests.chunk("c")));
      big.onChat(call -> call.json(500, "{}"));
      small.onChat(call -> call.json(200, Requests.wire("openai/chat.response.json")));
      assertAnswered(gateway, "small~m", "");
    }
  }

  @Test
  void mirrorToAFile() throws Exception {
    try (var gateway = gateway("mirror")) {
      assertAnswered(gateway, "small~m", "");
      assertAnswered(gateway, "small~m", "'user':'u1'");
      var mirror = gateway.directory().resolve("mirror/requests.jsonl");
      Await.until(
          "two lines", () -> Files.isRegularFile(mirror) && Files.readAllLines(mirror).size() == 2);
      assertThat(Files.readAllLines(mirror)).anyMatch(line -> line.contains("\"user\":\"u1\""));
    }
  }

  @Test
  void aRouteThatIsWrongEndsTheStartAndSaysWhere() throws Exception {
    var wrong = recipe("header").replace("filter:", "filtre:");
    var ended = Launch.with().file("routes/mine.camel.yaml", wrong).argument("--port", "0").run();
    assertThat(ended.exit()).isNotZero();
    assertThat(ended.console()).contains("mine.camel.yaml", "filtre").doesNotContain("\tat ");
  }

  @Test
  void aFileThatIsNoYamlEndsTheStartAndSaysWhere() throws Exception {
    var ended = Launch.with().file("routes/mine.camel.yaml", "- [").argument("--port", "0").run();
    assertThat(ended.exit()).isNotZero();
    assertThat(ended.console()).contains("mine.camel.yaml", "line 1").doesNotContain("\tat ");
  }

  private static void assertAnswered(PackagedGateway gateway, String by, String fields) {
    var reply = gateway.client().chat("small~m", fields);
    assertThat(reply.status()).as(reply.body() + gateway.console()).isEqualTo(200);
    assertThat(reply.tree().path("model").asText()).isEqualTo(by);
  }

  private PackagedGateway gateway(String recipe) throws IOException {
    return launch(recipe(recipe));
  }

  private PackagedGateway launch(String routes) throws IOException {
    return Launch.with(
            "caravan.service.small.provider=openai-compatible",
            "caravan.service.small.urls=" + small.url(),
            "caravan.service.big.provider=openai-compatible",
            "caravan.service.big.urls=" + big.url())
        .file("routes/mine.camel.yaml", routes)
        .start();
  }

  private static String recipe(String name) throws IOException {
    var block = Pattern.compile("```yaml\n(# recipe: " + name + "\n.*?)```", Pattern.DOTALL);
    var found = block.matcher(Files.readString(DOC));
    assertThat(found.find()).as("recipe " + name).isTrue();
    return found.group(1);
  }
}

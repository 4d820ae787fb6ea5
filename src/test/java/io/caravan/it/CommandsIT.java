package io.caravan.it;

import static io.caravan.it.Requests.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.cli.Cli;
import io.caravan.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The subcommands of the packaged jar, against a gateway that asks for keys. */
class CommandsIT {

  private static final String TOKEN = "an-admin-token-of-this-test";

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    fake.on("GET /api/tags", call -> call.json(200, json("{'models':[{'name':'qwen:1b'}]}")));
    gateway =
        PackagedGateway.before(
            fake,
            "ollama",
            "caravan.service.mock.provider=mock",
            "caravan.default-model=mock~echo",
            "caravan.access.required=true",
            "caravan.access.admin-token=" + TOKEN);
    Await.until("keys can be made", () -> command("keys").exit() == 0);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @Test
  void tellTheStatus() throws Exception {
    var told = command("status");
    assertThat(told.exit()).as(told.err()).isZero();
    assertThat(told.out()).contains(gateway.url(), "mock", "ollama", "up", "no service chosen");
    var tree = Json.read(command("status", "--json").out());
    assertThat(tree.path("services")).hasSize(2);
    assertThat(tree.at("/health/status").asText()).isEqualTo("ok");
  }

  @Test
  void tellAClientWhatItMaySee() throws Exception {
    var key = command("keys", "create", "guest").out().strip();
    var told = run(key, gateway.url(), "", "status");
    assertThat(told.exit()).as(told.err()).isZero();
    assertThat(told.out()).contains("answers at " + gateway.url(), "mock~echo", "for admins");
    var tree = Json.read(run(key, gateway.url(), "", "status", "--json").out());
    assertThat(tree.at("/health/status").asText()).isEqualTo("ok");
    assertThat(tree.path("models")).hasSize(2);
    assertThat(tree.has("services")).isFalse();
    var id = Json.read(command("keys", "--json").out()).at("/data/0/id").asText();
    assertThat(command("keys", "delete", id).exit()).isZero();
  }

  @Test
  void areInTheJar() throws Exception {
    var said = jar("From a pipe", "chat");
    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out()).contains("From a pipe");
    assertThat(jar("", "chat", "--url", "http://127.0.0.1:1", "Hello").exit()).isEqualTo(3);
  }

  @Test
  void listModels() throws Exception {
    assertThat(command("models").out()).contains("mock~echo", "fake~qwen:1b");
    assertThat(command("models", "--service", "mock").out()).doesNotContain("qwen");
    var tree = Json.read(command("models", "--json").out());
    assertThat(tree.path("data")).hasSize(2);
  }

  @Test
  void chat() throws Exception {
    var said = command("chat", "Say", "it\u001b");
    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.out()).contains("Say it").doesNotContain("\u001b").endsWith("\n");
    assertThat(piped("From a pipe", "chat", "-m", "mock~echo").out()).contains("From a pipe");
    var whole = Json.read(command("chat", "--json", "Hello").out());
    assertThat(whole.path("model").asText()).isEqualTo("mock~echo");
    var unknown = command("chat", "-m", "nothing", "Hello");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).contains("`nothing` does not exist");
  }

  @Test
  void sayThatAnAnswerBrokeOff() throws Exception {
    fake.on(
        "POST /api/chat",
        call ->
            call.stream("application/x-ndjson")
                .send("{\"message\":{\"role\":\"assistant\",\"content\":\"Hel\"},\"done\":false}\n")
                .close());
    var cut = command("chat", "-m", "fake~qwen:1b", "Hello");
    assertThat(cut.exit()).isEqualTo(1);
    assertThat(cut.out()).contains("Hel");
    assertThat(cut.err()).startsWith("caravan: ");
  }

  @Test
  void pullWithABar() throws Exception {
    fake.on(
        "POST /api/pull",
        call -> {
          call.stream("application/x-ndjson");
          for (int done : new int[] {300, 1000}) {
            call.send(
                "{\"status\":\"pulling\",\"digest\":\"sha256:a\",\"total\":1000,\"completed\":"
                    + done
                    + "}\n");
            Await.time(700);
          }
          call.send("{\"status\":\"success\"}\n").end();
        });
    var pulled = command("pull", "fake~smollm");
    assertThat(pulled.exit()).as(pulled.err()).isZero();
    assertThat(pulled.out()).contains("fake~smollm is installed");
    assertThat(pulled.err()).contains("pull fake~smollm", "[#########---", "30%");
    var refused = command("pull", "mock~x");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.err()).contains("InstallModel");
  }

  @Test
  void loadAModel() throws Exception {
    fake.on("POST /api/generate", call -> call.json(200, json("{'done':true}")));
    var loaded = command("load", "qwen:1b");
    assertThat(loaded.exit()).as(loaded.err()).isZero();
    assertThat(loaded.out()).contains("is loaded");
    assertThat(command("load").exit()).isEqualTo(2);
  }

  @Test
  void testAService() throws Exception {
    assertThat(command("test", "fake").out()).contains("fake is up");
    var unknown = command("test", "nobody");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).contains("nobody");
    assertThat(command("test").exit()).isEqualTo(1);
  }

  @Test
  void makeAndDeleteKeys() throws Exception {
    var made = command("keys", "create", "--requests-per-minute", "60", "robot");
    assertThat(made.exit()).as(made.err()).isZero();
    var key = made.out().strip();
    assertThat(key).doesNotContain(" ", "\n");
    var listed = Json.read(command("keys", "--json").out()).path("data");
    assertThat(listed).hasSize(1);
    assertThat(command("keys").out()).contains("robot").doesNotContain(key);
    var id = listed.get(0).path("id").asText();
    assertThat(command("keys", "delete", id).exit()).isZero();
    assertThat(command("keys", "--json").out()).doesNotContain("robot");
  }

  @Test
  void sayWhatIsWrong() throws Exception {
    var keyless = run(null, gateway.url(), "", "models");
    assertThat(keyless.exit()).isEqualTo(1);
    assertThat(keyless.err()).contains("CARAVAN_API_KEY");
    for (var words :
        new String[][] {
          {"status"},
          {"models"},
          {"chat", "Hello"},
          {"load", "mock~echo"},
          {"pull", "fake~x"},
          {"test", "mock"},
          {"keys"},
          {"keys", "create", "robot"},
          {"keys", "delete", "0123"}
        }) {
      sayItWithoutAKeyAndWithoutAGateway(words);
    }
    var nobody = run(TOKEN, "http://127.0.0.1:" + Launch.freePort(), "", "status");
    assertThat(nobody.exit()).isEqualTo(3);
    assertThat(nobody.err()).contains("no gateway answers", "./caravan start");
    assertThat(run(TOKEN, "ftp://x", "", "status").exit()).isEqualTo(2);
    assertThat(command("chat").err()).contains("the question is missing");
    assertThat(command("chat", "--bogus", "x").exit()).isEqualTo(2);
    var nowhere = command("pull", "smollm");
    assertThat(nowhere.exit()).isEqualTo(2);
    assertThat(nowhere.err()).contains("'smollm' names no service", "SERVICE~MODEL");
    assertThat(command("keys", "burn", "x").exit()).isEqualTo(2);
    for (var name : List.of("status", "models", "chat", "load", "pull", "test", "keys")) {
      var help = command(name, "--help");
      assertThat(help.exit()).isZero();
      assertThat(help.out()).contains("Usage: caravan " + name, "--json", "CARAVAN_API_KEY");
    }
  }

  private static void sayItWithoutAKeyAndWithoutAGateway(String... words) throws Exception {
    var json = java.util.Arrays.copyOf(words, words.length + 1);
    json[words.length] = "--json";
    for (var each : new String[][] {words, json}) {
      var keyless = run(null, gateway.url(), "", each);
      assertThat(keyless.exit()).as(String.join(" ", each)).isEqualTo(1);
      assertThat(keyless.err()).contains("asks for a key", "API key", "CARAVAN_API_KEY");
      var wrong = run("sk-wrong-key", gateway.url(), "", each);
      assertThat(wrong.exit()).as(String.join(" ", each)).isEqualTo(1);
      assertThat(wrong.err()).contains("refuses the key").doesNotContain("sk-wrong");
      var nobody = run(TOKEN, "http://127.0.0.1:" + Launch.freePort(), "", each);
      assertThat(nobody.exit()).as(String.join(" ", each)).isEqualTo(3);
      assertThat(nobody.err()).contains("no gateway answers");
      assertThat(nobody.out()).isEmpty();
      for (var told : new Said[] {keyless, wrong}) {
        if (each == words) assertThat(told.out()).isEmpty();
        else assertThat(Json.read(told.out()).at("/error/code").asText()).endsWith("api_key");
      }
    }
  }

  private record Said(int exit, String out, String err) {}

  private static Said command(String... words) throws Exception {
    return run(TOKEN, gateway.url(), "", words);
  }

  private static Said piped(String input, String... words) throws Exception {
    return run(TOKEN, gateway.url(), input, words);
  }

  /** What the jar does with it, without the start of a process for each. */
  private static Said run(String key, String url, String input, String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var environment = new HashMap<String, String>();
    environment.put("CARAVAN_URL", url);
    if (key != null) environment.put("CARAVAN_API_KEY", key);
    int exit =
        Cli.run(
            words,
            environment,
            new ByteArrayInputStream(input.getBytes(UTF_8)),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8));
    return discreet(new Said(exit, out.toString(UTF_8), err.toString(UTF_8)));
  }

  private static Said discreet(Said said) {
    assertThat(said.err() + said.out()).doesNotContain("\tat ", "Exception", TOKEN);
    return said;
  }

  /** The same as a process of its own. */
  private static Said jar(String input, String... words) throws Exception {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var jar = Path.of("target/caravan.jar").toAbsolutePath().toString();
    var line = new ArrayList<>(List.of(java, "-XX:TieredStopAtLevel=1", "-jar", jar));
    line.addAll(List.of(words));
    var errors = Files.createTempFile(Path.of("target"), "command-", ".txt");
    var builder = new ProcessBuilder(line).redirectError(errors.toFile());
    builder.environment().put("CARAVAN_API_KEY", TOKEN);
    builder.environment().put("CARAVAN_URL", gateway.url());
    var process = builder.start();
    process.getOutputStream().write(input.getBytes(UTF_8));
    process.getOutputStream().close();
    var out = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("it did not end: " + String.join(" ", words));
    }
    return discreet(new Said(process.exitValue(), out, Files.readString(errors)));
  }
}

package io.caravan.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CliTest {

  private static final String REFUSAL =
      "{\"error\":{\"message\":\"There is no such thing.\",\"code\":\"not_found\"}}";

  private HttpServer server;
  private String answer = REFUSAL;

  private record Said(int exit, String out, String err) {}

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::refuse);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void refuse(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      exchange.sendResponseHeaders(404, answer.length());
      exchange.getResponseBody().write(answer.getBytes(UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status",
        "models",
        "chat -m nope~x hi",
        "load nope~x",
        "load nope",
        "pull nope~x",
        "test",
        "test nope",
        "keys",
        "keys create x",
        "keys delete x"
      })
  void tellsARefusalAsJsonWhereThatIsWanted(String line) throws Exception {
    var told = run(line + " --json");
    assertThat(Json.read(told.out)).isEqualTo(Json.read(REFUSAL));
    assertThat(told.out.strip()).doesNotContain("\n");
    assertThat(told.exit).isEqualTo(1);
    assertThat(told.err).isEqualTo("caravan: There is no such thing.\n");
    assertThat(run(line)).isEqualTo(new Said(1, "", told.err));
  }

  @Test
  void tellsNoRefusalThatIsNoJson() {
    for (var each : new String[] {"<html>", "", "7"}) {
      answer = each;
      var told = run("keys --json");
      assertThat(told.out).as(each).isEmpty();
      assertThat(told.exit).isEqualTo(1);
      assertThat(told.err).contains("answered with status 404");
    }
  }

  private Said run(String line) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int exit =
        Cli.run(
            line.split(" "),
            Map.of("CARAVAN_URL", "http://127.0.0.1:" + server.getAddress().getPort()),
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8));
    return new Said(exit, out.toString(UTF_8), err.toString(UTF_8).replace("\r\n", "\n"));
  }
}

package io.caravan.errors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UpstreamErrorTest {

  private static final Path WIRE = Path.of("src/test/resources/wire");

  static Stream<Path> everyErrorOnTheWire() throws IOException {
    return Files.walk(WIRE, 2).filter(p -> p.getFileName().toString().startsWith("error")).sorted();
  }

  @ParameterizedTest
  @MethodSource("everyErrorOnTheWire")
  void saysWhatTheServiceSaid(Path file) throws IOException {
    byte[] body = Files.readAllBytes(file);
    var error = UpstreamError.of(418, body, Map.of("retry-after", "3"));
    assertThat(error.status()).isEqualTo(418);
    assertThat(error.headers()).containsEntry("retry-after", "3");
    assertThat(error.message()).isNotBlank().doesNotContain("{");
    var said = body.length == 0 ? "status 418" : error.message();
    assertThat(body.length == 0 ? error.message() : new String(body, UTF_8)).contains(said);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "openai/error.400.missing_messages.json | Missing required parameter: 'messages'."
            + " | invalid_request_error | missing_required_parameter | messages",
        "openai/error.429.json | Rate limit reached for gpt-4o-mini"
            + " | rate_limit_exceeded | rate_limit_exceeded | -",
        "anthropic/error.529.json | Overloaded | overloaded_error | - | -",
        "vllm/error.404.json | The model `nope` does not exist. | NotFoundError | - | model",
        "vllm/error.404.legacy.json | The model `Qwen1.5-14B-Chat-GPTQ-Int8` does not exist."
            + " | NotFoundError | - | -",
        "llamacpp/error.401.json | Invalid API Key | authentication_error | - | -",
        "llamacpp/health.loading.503.json | Loading model | unavailable_error | - | -",
        "lmstudio/error.json | Model not found | model_not_found | - | -",
        "ollama/error.404.json | model 'nope' not found | - | - | -",
        "cortex/error.400.json | Model not found | - | - | -",
        "jan/error.404.txt | No running session found for model 'nope' | - | - | -",
        "gpt4all/error.401.txt"
            + " | The service answered with status 500 and no explanation. | - | - | -",
      })
  void keepsTypeCodeAndParam(String file, String message, String type, String code, String param)
      throws IOException {
    var error = UpstreamError.of(500, Files.readAllBytes(WIRE.resolve(file)), Map.of());
    assertThat(error).isEqualTo(new UpstreamError(500, message, type, code, param, Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}} | 529",
        "{\"error\":{\"type\":\"rate_limit_error\",\"message\":\"m\"}} | 429",
        "{\"error\":{\"code\":503,\"message\":\"m\",\"type\":\"unavailable_error\"}} | 503",
        "{\"object\":\"error\",\"message\":\"m\",\"code\":404} | 404",
        "{\"error\":{\"message\":\"m\",\"code\":\"429\"}} | 429",
        "{\"error\":\"m\"} | 502",
        "{\"error\":{\"message\":\"m\",\"code\":7}} | 502",
      })
  void guessesTheStatusOfAnErrorInsideAStream(String json, int status) throws IOException {
    var error = UpstreamError.within(Json.read(json));
    assertThat(error.status()).isEqualTo(status);
    assertThat(error.message()).isEqualTo("m");
  }

  @Test
  void doesNotPassHtmlOn() {
    var error = UpstreamError.of(502, "<html>Bad Gateway</html>".getBytes(UTF_8), Map.of());
    assertThat(error.message()).contains("status 502").doesNotContain("html");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "<html><head><title>502 Bad Gateway</title></head><h1>Sorry</h1></html> | 502 Bad Gateway",
        "<!DOCTYPE html><title> </title><H1 class='x'>Internal<br>err</H1><p>stack</p> | Internal err",
        "<h2>No way to http://10.1.2.3:99/v1 &amp; back</h2> | No way to back",
        "<h1>10.1.2.3:99 is down</h1> | is down",
        "<h1></h1><p>secret</p> | -",
        "<h1>never closed | -"
      })
  void takesTheTitleOrTheFirstHeadingOfAPage(String page, String message) {
    var error = UpstreamError.of(500, page.getBytes(UTF_8), Map.of());
    var none = "The service answered with status 500 and no explanation.";
    assertThat(error.message()).isEqualTo(message == null ? none : message);
  }

  @Test
  void boundsWhatItTakesOfAPage() {
    var page = "<title>" + "x".repeat(3000) + "</title>";
    assertThat(UpstreamError.of(500, page.getBytes(UTF_8), Map.of()).message()).hasSize(201);
    var endless = "<title>".repeat(100_000).getBytes(UTF_8);
    assertThat(UpstreamError.of(500, endless, Map.of()).message()).contains("status 500");
  }

  @Test
  void isShortened() {
    var error = UpstreamError.of(401, ("key sk-1 " + "x".repeat(2000)).getBytes(UTF_8), Map.of());
    assertThat(error.message()).hasSize(1001);
  }

  @Test
  void tellsErrorsFromAnswers() throws IOException {
    assertThat(UpstreamError.isError(Json.read("{\"error\":null,\"choices\":[]}"))).isFalse();
    assertThat(UpstreamError.isError(Json.read("{\"error\":{}}"))).isTrue();
    assertThat(UpstreamError.isError(Json.read("{\"object\":\"error\"}"))).isTrue();
  }
}

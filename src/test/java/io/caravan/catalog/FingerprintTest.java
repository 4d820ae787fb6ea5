package io.caravan.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The fingerprints in the Kamelets against the recorded answers of the real services. */
class FingerprintTest {

  private static final List<String> PROVIDERS =
      List.of(
          "ollama",
          "lmstudio",
          "jan",
          "gpt4all",
          "localai",
          "cortex",
          "vllm",
          "instructlab",
          "llama-server");

  @ParameterizedTest
  @CsvSource({
    "vllm,         /v1/models=vllm/models.json",
    "instructlab,  /v1/models=instructlab/models.json /=instructlab/root.json",
    "instructlab,  /v1/models=vllm/models.json /=instructlab/root.json",
    "instructlab,  /v1/models=instructlab/models.json",
    "localai,      /v1/models=localai/models.json",
    "llama-server, /v1/models=llamacpp/models.json",
    "gpt4all,      /v1/models=gpt4all/models.json",
    "jan,          /v1/models=jan/models.json",
    "cortex,       /v1/models=cortex/models.json",
    "lmstudio,     /api/v0/models=lmstudio/v0.models.json",
    "lmstudio,     /api/v1/models=lmstudio/v1.models.json",
    "'',           /v1/models=openai/models.json"
  })
  void tellsWhoItIs(String expected, String files) throws Exception {
    var answers = new HashMap<String, String>();
    for (var file : files.split(" ")) {
      var parts = file.split("=");
      var path = Path.of("src/test/resources/wire", parts[1]);
      answers.put(parts[0], Json.text(Json.read(Files.readAllBytes(path))));
    }
    var providers = new Providers(List.of());
    var found =
        PROVIDERS.stream()
            .filter(name -> providers.read(name).listing().fingerprint().fits(answers))
            .toList();
    assertThat(found).isEqualTo(Stream.of(expected).filter(name -> !name.isEmpty()).toList());
  }
}

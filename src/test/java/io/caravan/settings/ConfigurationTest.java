package io.caravan.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {

  @TempDir Path folder;

  @Test
  void laterSourcesBeatEarlierOnes() throws IOException {
    var file = file("caravan.server.port = 1\ncaravan.server.host = file\ncaravan.temperature = 1");
    var environment = Map.of("CARAVAN_SERVER_PORT", "2", "CARAVAN_SERVER_HOST", "environment");
    var settings = Configuration.load(file, environment, Map.of("caravan.server.port", "3"));
    assertThat(settings.get("caravan.server.port")).isEqualTo("3");
    assertThat(settings.get("caravan.server.host")).isEqualTo("environment");
    assertThat(settings.get("caravan.temperature")).isEqualTo("1");
    assertThat(settings.get("caravan.default-model")).isNull();
  }

  @Test
  void environmentMakesServices() throws IOException {
    var environment =
        Map.of(
            "CARAVAN_SERVICE_GPU_BOX_PROVIDER", "vllm",
            "CARAVAN_SERVICE_GPU_BOX_API_KEY_ENV_VAR", "X",
            "CARAVAN_SERVICE_LLAMA_SERVER_URLS", "http://h",
            "CARAVAN_UNKNOWN", "x");
    var services = Configuration.load(null, environment, Map.of()).under("caravan.service.");
    assertThat(services)
        .containsEntry("gpu-box.provider", "vllm")
        .containsEntry("gpu-box.api-key-env-var", "X")
        .containsEntry("llama-server.urls", "http://h");
  }

  @Test
  void tellsWhatNothingReads() throws IOException {
    var file = file("caravan.servr.port = 1\ncaravan.server.port = 1\ncaravan.model.x.targets = a");
    assertThat(Configuration.load(file, Map.of(), Map.of()).unknown())
        .containsExactly("caravan.servr.port");
  }

  @Test
  void theUsersServicesComeFirstAndInOrder() throws IOException {
    var file = file("caravan.service.z.provider = mock\ncaravan.service.a.provider = mock");
    var keys = Configuration.load(file, Map.of(), Map.of()).under("caravan.service.").keySet();
    assertThat(keys).startsWith("z.provider", "a.provider", "local.provider");
  }

  @Test
  void namesTheKeyOfAValueThatMakesNoSense() throws IOException {
    var settings = Configuration.load(file("a = x\nb = -1\nc = perhaps"), Map.of(), Map.of());
    assertThatThrownBy(() -> settings.number("a", 0)).hasMessageContaining("a must be a number");
    assertThatThrownBy(() -> settings.number("b", 0)).hasMessageContaining("b must be a number");
    assertThatThrownBy(() -> settings.flag("c", true)).hasMessageContaining("c must be true");
  }

  /**
   * A key that code or routes read must be described in application.properties, and the reverse.
   */
  @Test
  void everySettingIsDescribed() throws IOException {
    var described = Files.readString(Path.of("src/main/resources/application.properties"));
    var key = Pattern.compile("(?<=[\"{])caravan\\.[a-z]+[a-z.-]*[a-z]");
    try (var files = Files.walk(Path.of("src/main"))) {
      var used =
          files
              .filter(path -> path.toString().matches(".*\\.(java|yaml)"))
              .flatMap(path -> key.matcher(read(path)).results())
              .map(match -> match.group())
              .filter(
                  name ->
                      !name.matches(
                          "caravan\\.(properties|service|model|logging|limits|requests.in.flight)"))
              .collect(Collectors.toSet());
      assertThat(used).isNotEmpty().allSatisfy(name -> assertThat(described).contains(name));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("caravan.properties"), text);
  }
}

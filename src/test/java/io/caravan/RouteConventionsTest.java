package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.catalog.Providers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What makes the routes readable: a file is found by the name that another one uses. */
class RouteConventionsTest {

  private static final Path ROUTES = Path.of("src/main/resources/routes");
  private static final Path KAMELETS = Path.of("src/main/resources/kamelets");
  private static final Pattern DIRECT = Pattern.compile("direct:([a-z-]+)");

  @Test
  void aRouteHasTheNameOfItsFile() throws IOException {
    for (var folder :
        List.of(
            "api",
            "stages",
            "discovery",
            "llm",
            "jobs",
            "backend",
            "settings",
            "local",
            "access",
            "web")) {
      for (var file : files(ROUTES.resolve(folder))) {
        var name = file.getFileName().toString().replace(".camel.yaml", "");
        var text = Files.readString(file);
        assertThat(text).as(file.toString()).contains("id: " + name + "\n");
        if (folder.equals("stages")) assertThat(text).contains("uri: direct:" + name + "\n");
      }
    }
  }

  @Test
  void everyStageThatIsNamedExists() throws IOException {
    var stages =
        files(ROUTES).stream()
            .map(file -> file.getFileName().toString().replace(".camel.yaml", ""))
            .collect(Collectors.toSet());
    for (var folder : List.of(ROUTES, KAMELETS)) {
      for (var file : files(folder)) {
        DIRECT
            .matcher(Files.readString(file))
            .results()
            .forEach(match -> assertThat(stages).as(file.toString()).contains(match.group(1)));
      }
    }
  }

  @Test
  void filesKeepToTheirBudget() throws IOException {
    for (var file : files(ROUTES))
      assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(40);
    for (var file : files(KAMELETS))
      assertThat(Files.readAllLines(file)).as(file.toString()).hasSizeLessThanOrEqualTo(80);
  }

  @Test
  void everyKameletCanBeRead() throws IOException {
    var providers = new Providers(List.of());
    for (var file : files(KAMELETS)) {
      var name = file.getFileName().toString().replace("-sink.kamelet.yaml", "");
      assertThat(providers.read(name).title()).isNotBlank();
      assertThat(Files.readString(file)).contains("name: " + name + "-sink\n");
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(path -> path.toString().endsWith(".yaml")).toList();
    }
  }
}

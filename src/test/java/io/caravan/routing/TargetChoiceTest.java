package io.caravan.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.catalog.Catalog;
import io.caravan.catalog.Providers;
import io.caravan.catalog.Services;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TargetChoiceTest {

  private final Map<String, String> settings = new LinkedHashMap<>();
  private Catalog catalog;

  @Test
  void splitsAtTheFirstTilde() throws IOException {
    var choice = choice(Map.of("a", List.of("x~y/z:1"), "b", List.of("y/z:1")));
    assertThat(name(choice, "a~x~y/z:1")).isEqualTo("a~x~y/z:1");
  }

  @Test
  void takesAServiceBeforeASlashIfItHasTheModel() throws IOException {
    var choice = choice(Map.of("a", List.of("b/m"), "b", List.of("m")));
    assertThat(name(choice, "b/m")).isEqualTo("b~m");
    assertThat(name(choice(Map.of("a", List.of("b/m"), "b", List.of("n"))), "b/m"))
        .isEqualTo("a~b/m");
  }

  @Test
  void prefersTheDefaultServiceForAPlainName() throws IOException {
    var models = Map.of("a", List.of("m"), "b", List.of("m"));
    assertThat(name(choice(models), "m")).isEqualTo("a~m");
    settings.put("caravan.default-service", "b");
    assertThat(name(choice(models), "m")).isEqualTo("b~m");
  }

  @Test
  void triesAServiceWhoseListIsNotKnown() throws IOException {
    assertThat(name(choice(Map.of()), "a~anything")).isEqualTo("a~anything");
    assertThat(name(choice(Map.of()), "a/anything")).isEqualTo("a~anything");
    assertThat(choice(Map.of()).targetsFor("anything")).isEmpty();
  }

  @Test
  void neverTakesAnotherModel() throws IOException {
    var choice = choice(Map.of("a", List.of("m"), "b", List.of("n")));
    for (var unknown : List.of("a~n", "nope", "c~m", "M", "~m", "a~", "m ")) {
      assertThat(choice.targetsFor(unknown)).as(unknown).isEmpty();
    }
  }

  @Test
  void readsAliasesInOrder() throws IOException {
    settings.put("caravan.model.fast.targets", "b~n, a~m, a~gone");
    var targets = choice(Map.of("a", List.of("m"), "b", List.of("n"))).targetsFor("fast");
    assertThat(targets).extracting(Target::unifiedName).containsExactly("b~n", "a~m");
  }

  @Test
  void takesTheDefaultModelForNone() throws IOException {
    var models = Map.of("a", List.of("m"), "b", List.<String>of());
    assertThatThrownBy(() -> choice(models).name(Json.object()))
        .isInstanceOf(GatewayException.InvalidRequest.class);
    settings.put("caravan.default-model", "a~m");
    assertThat(choice(models).name(Json.object())).isEqualTo("a~m");
  }

  private static String name(TargetChoice choice, String model) {
    return choice.targetsFor(model).get(0).unifiedName();
  }

  /** Services a and b, in this order, with the models given; a list not given is not known. */
  private TargetChoice choice(Map<String, List<String>> models) throws IOException {
    for (var name : List.of("a", "b")) {
      settings.put("caravan.service." + name + ".provider", "openai-compatible");
      settings.put("caravan.service." + name + ".urls", "http://127.0.0.1:1");
    }
    var configuration = Configuration.load(null, Map.of(), settings);
    var services = Services.from(configuration, new Providers(List.of()), Map.of());
    catalog = new Catalog(services, Clock.systemUTC(), Duration.ofSeconds(30));
    models.forEach(this::learn);
    var loads = new Loads(Clock.systemUTC());
    return new TargetChoice(catalog, Names.of(configuration), loads, () -> new Random(7));
  }

  private void learn(String service, List<String> models) {
    var list = Json.array();
    models.forEach(model -> list.addObject().put("id", model));
    catalog.learned(catalog.services().get(service), list);
  }
}

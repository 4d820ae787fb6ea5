package io.caravan.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CatalogTest {

  /** A clock that stands still until it is moved. */
  private static final class Hand extends Clock {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    void move(long seconds) {
      now = now.plusSeconds(seconds);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private final Hand clock = new Hand();
  private final Service service = service("one");
  private final Services services = new Services(List.of(service));
  private final Catalog catalog = new Catalog(services, clock, Duration.ofSeconds(30));

  static Service service(String name) {
    var provider = new Providers(List.of()).read("ollama");
    var limit = Duration.ofSeconds(1);
    var limits = new TimeLimits(limit, limit, limit, limit, limit);
    return Service.of(name, provider, List.of("http://h"), null, Map.of(), limits, true, true);
  }

  @Test
  void forgetsWhatAServiceHadThatIsNotAskedAnyMore() {
    var silent =
        Service.of(
            service.name(),
            service.provider(),
            service.urls(),
            null,
            Map.of(),
            service.limits(),
            true,
            false);
    catalog.learned(service, models("a"));
    catalog.replace(List.of(silent));
    assertThat(catalog.models(silent)).isNull();
    catalog.remember(silent, List.of(Json.object().put("id", "a")));
    assertThat(catalog.models(silent)).isNull();
  }

  static ArrayNode models(String... ids) {
    var models = Json.array();
    for (var id : ids) models.addObject().put("id", id);
    return models;
  }

  @Test
  void aServiceThatAnswersIsAskedEveryInterval() {
    assertThat(catalog.due()).containsExactly(service);
    assertThat(catalog.due()).as("while it is being asked").isEmpty();
    catalog.learned(service, models("a"), Duration.ofMillis(7));
    clock.move(29);
    assertThat(catalog.due()).isEmpty();
    clock.move(1);
    assertThat(catalog.due()).containsExactly(service);
    assertThat(catalog.health(service).latency()).hasMillis(7);
  }

  @Test
  void thePausesOfOneThatDoesNotGrow() {
    for (int pause : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(catalog.due()).containsExactly(service);
      catalog.failed(service, "away");
      clock.move(pause - 1);
      assertThat(catalog.due()).as("before " + pause + " s").isEmpty();
      clock.move(1);
    }
    catalog.learned(service, models("a"));
    catalog.failed(service, "away again");
    clock.move(1);
    assertThat(catalog.due()).as("after it was there").containsExactly(service);
  }

  @Test
  void oneThatFailsACallIsAskedAtOnce() {
    catalog.learned(service, models("a"));
    clock.move(10);
    catalog.suspect(service);
    assertThat(catalog.due()).containsExactly(service);
  }

  @Test
  void keepsTheHistoryOfUpAndDown() {
    catalog.failed(service, "first");
    clock.move(5);
    catalog.learned(service, models("a"));
    clock.move(5);
    catalog.learned(service, models("a"));
    var health = catalog.health(service);
    assertThat(health.up()).isTrue();
    assertThat(health.since()).isEqualTo(clock.instant().minusSeconds(5));
    assertThat(health.lastError()).isEqualTo("first");
    assertThat(health.history()).extracting(Health.Change::up).containsExactly(false, true);
    for (int i = 0; i < 50; i++) {
      catalog.failed(service, "again");
      catalog.learned(service, models("a"));
    }
    assertThat(catalog.health(service).history()).hasSize(20);
  }

  @Test
  void aListOnceLearnedIsKeptWhileTheServiceIsAway() {
    catalog.learned(service, models("a", "b"));
    catalog.failed(service, "away");
    assertThat(ids()).containsExactly("a", "b");
    assertThat(catalog.problem(service)).isEqualTo("away");
    catalog.mistaken(service, "another one");
    assertThat(catalog.models(service)).isNull();
  }

  @Test
  void whatIsKeptCountsUntilTheServiceAnswers() {
    catalog.remember(service, List.of(Json.object().put("id", "old")));
    assertThat(ids()).containsExactly("old");
    assertThat(catalog.due()).containsExactly(service);
    catalog.learned(service, models("new"));
    catalog.remember(service, List.of(Json.object().put("id", "old")));
    assertThat(ids()).containsExactly("new");
  }

  @Test
  void oddEntriesAreLeftOutAndNamesAreTakenAsTheyAre() {
    var odd = models("with space", "a/b:c", "🦙~x", "a/b:c", "");
    odd.add(3).addNull().addObject().put("id", 5);
    catalog.learned(service, odd);
    assertThat(ids()).containsExactly("with space", "a/b:c", "🦙~x");
    assertThat(catalog.model(service, "🦙~x").path("id").asText()).isEqualTo("🦙~x");
  }

  @Test
  void detailsAreAddedAndNoNameIsGuessedOverThem() {
    catalog.learned(service, models("codellama", "other"));
    long version = catalog.version();
    var told = Json.object().put("state", "loaded").put("coding", false).put("max_tokens", 5);
    catalog.detailed(service, Map.of("codellama", told), Json.object().put("state", "not loaded"));
    var model = catalog.model(service, "codellama");
    assertThat(model.path("loaded").asBoolean()).isTrue();
    assertThat(model.path("coding").asBoolean()).isFalse();
    assertThat(model.path("max_tokens").asInt()).isEqualTo(5);
    assertThat(catalog.model(service, "other").path("state").asText()).isEqualTo("not loaded");
    assertThat(catalog.version()).isGreaterThan(version);
    catalog.shown(service, Map.of("other", Json.object().put("type", "embeddings")));
    catalog.learned(service, models("codellama", "other", "third"));
    assertThat(catalog.model(service, "other").path("type").asText()).isEqualTo("embeddings");
    assertThat(catalog.model(service, "codellama").path("state").asText()).isEqualTo("loaded");
  }

  @Test
  void anUnchangedListChangesNothing() {
    catalog.learned(service, models("a"));
    long version = catalog.version();
    var before = catalog.models(service);
    catalog.learned(service, models("a"));
    assertThat(catalog.version()).isEqualTo(version);
    assertThat(catalog.models(service)).isSameAs(before);
  }

  @Test
  void theViewShowsServicesThatComeAndGo() throws Exception {
    var view = new CatalogView(catalog);
    var whole = new CatalogView.Page("whole", (each, model) -> true, null, 0, 100);
    catalog.learned(service, models("a"));
    assertThat(Json.read(view.openAi(List.of())).at("/data/0/id").asText()).isEqualTo("one~a");
    var second = service("two");
    catalog.replace(List.of(service, second));
    catalog.learned(second, models("b", "c"));
    assertThat(Json.read(view.page(whole)).path("total").asInt()).isEqualTo(3);
    assertThat(view.kept(whole)).isSameAs(view.kept(whole)).isEqualTo(view.page(whole));
    var part = new CatalogView.Page("part", (each, model) -> true, null, 1, 1);
    assertThat(view.kept(part)).isNull();
    assertThat(Json.read(view.page(part)).at("/data/0/id").asText()).isEqualTo("two~b");
    catalog.replace(List.of(second));
    assertThat(Json.read(view.openAi(List.of())).path("data")).hasSize(2);
    assertThat(view.kept(whole)).isNull();
    assertThat(Json.read(view.page(whole)).path("total").asInt()).isEqualTo(2);
  }

  private List<String> ids() {
    return catalog.models(service).stream()
        .map((ObjectNode model) -> model.path("id").asText())
        .toList();
  }
}

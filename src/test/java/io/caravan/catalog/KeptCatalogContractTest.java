package io.caravan.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.store.Database;
import io.caravan.store.DatabaseUrl;
import io.caravan.store.TestDatabases;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tables of the catalog must keep, on both databases. */
class KeptCatalogContractTest {

  private final Service service = CatalogTest.service("one");

  private static DatabaseUrl fresh(String kind) throws Exception {
    return kind.equals("h2") ? TestDatabases.h2() : TestDatabases.postgresql();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aCatalogOutlivesTheProcess(String kind) throws Exception {
    var url = fresh(kind);
    var first = catalog();
    try (var database = new Database(url);
        var kept = new KeptCatalog(first, database)) {
      kept.start();
      open(database);
      var told = CatalogTest.models("a/b:c d", "🦙~x", "nul\0");
      ((ObjectNode) told.get(0))
          .put("size", 5_000_000_000L)
          .put("modified_at", "2026-01-01T01:00:00.5+01:00");
      first.learned(service, told);
      first.learned(service, told.deepCopy().add(Json.object().put("id", "later")));
    }
    var second = catalog();
    try (var database = new Database(url);
        var kept = new KeptCatalog(second, database)) {
      var remembered = new CompletableFuture<Void>();
      kept.start();
      second.onChange(changed -> remembered.complete(null));
      database.open();
      remembered.get(60, TimeUnit.SECONDS);
    }
    assertThat(second.models(service))
        .extracting(model -> model.path("id").asText())
        .containsExactlyInAnyOrder("a/b:c d", "🦙~x", "nul", "later");
    var model = second.model(service, "a/b:c d");
    assertThat(model.path("size").asLong()).isEqualTo(5_000_000_000L);
    assertThat(model.path("modified_at").asText()).isEqualTo("2026-01-01T00:00:00.500Z");
    assertThat(model).isEqualTo(first.model(service, "a/b:c d"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void theModelsOfARemovedServiceAreNotThoseOfTheNextOfItsName(String kind) throws Exception {
    var url = fresh(kind);
    try (var database = new Database(url)) {
      var source = open(database);
      var told = catalog();
      told.learned(service, CatalogTest.models("a"));
      new ModelTable(source).replace("one", told.models(service));
    }
    var catalog = catalog();
    try (var database = new Database(url);
        var kept = new KeptCatalog(catalog, database)) {
      kept.start();
      catalog.replace(List.of()); // as at the start, before the stored services are known
      catalog.replace(List.of(service));
      open(database);
      assertThat(catalog.models(service)).as("not removed since").hasSize(1);
      catalog.replace(List.of());
      catalog.replace(List.of(service));
    }
    try (var database = new Database(url)) {
      assertThat(new ModelTable(open(database)).load()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void servicesAreMirroredWithoutTheirKeys(String kind) throws Exception {
    try (var database = new Database(fresh(kind))) {
      var source = open(database);
      var table = new ServiceConfigTable(source);
      table.mirror(List.of(service, CatalogTest.service("two")));
      table.mirror(List.of(service));
      assertThat(rows(source, "select service_name, api_format, urls from llm_service_configs"))
          .hasSize(1)
          .allSatisfy(row -> assertThat(row).startsWith("one|ollama|").contains("[\"http://h\"]"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void whatARegistryToldIsFoundAgain(String kind) throws Exception {
    try (var database = new Database(fresh(kind))) {
      var table = new RegistryTable(open(database));
      var at = Instant.parse("2026-01-01T00:00:00Z");
      table.keep(List.of(listed("org/Llama_1-GGUF", 5), listed("org/llamaX1", 6)), at);
      table.keep(List.of(listed("org/llamaX1", 7)), at.plusSeconds(60));
      var found = table.find("huggingface", "LLAMA_1");
      assertThat(found.models()).as("a _ is no wildcard").hasSize(1);
      assertThat(written(found.models().get(0))).isEqualTo(written(listed("org/Llama_1-GGUF", 5)));
      assertThat(found.oldest()).isEqualTo(at);
      assertThat(table.find("huggingface", "x1").models().get(0).path("likes").asInt())
          .isEqualTo(7);
      assertThat(table.find("ollama", "").models()).isEmpty();
      assertThat(table.find("huggingface", "a,b").models()).as("by tag").hasSize(2);
    }
  }

  /** Without the kinds of numbers, which JSON does not have. */
  private static JsonNode written(ObjectNode model) throws Exception {
    return Json.read(Json.bytes(model));
  }

  private static ObjectNode listed(String id, int likes) throws Exception {
    var told =
        Json.read(
            "{\"_id\":\"1\",\"id\":\"%s\",\"likes\":%d,\"trendingScore\":1.5,\"tags\":[\"gguf\",\"a,b\"],"
                    .formatted(id, likes)
                + "\"createdAt\":\"2024-09-25T18:16:12.000Z\",\"pipeline_tag\":\"text-generation\"}");
    return RegistryEntry.of("huggingface", told, "https://h");
  }

  private Catalog catalog() {
    return new Catalog(new Services(List.of(service)), Clock.systemUTC(), Duration.ofSeconds(30));
  }

  private static DataSource open(Database database) throws Exception {
    var opened = new CompletableFuture<DataSource>();
    database.whenOpen(opened::complete);
    database.open();
    return opened.get(60, TimeUnit.SECONDS);
  }

  private static List<String> rows(DataSource source, String sql) throws SQLException {
    try (var connection = source.getConnection();
        var rows = connection.createStatement().executeQuery(sql)) {
      var found = new ArrayList<String>();
      while (rows.next()) {
        found.add(rows.getString(1) + "|" + rows.getString(2) + "|" + rows.getString(3));
      }
      return found;
    }
  }
}

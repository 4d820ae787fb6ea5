package io.caravan.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.store.Database;
import io.caravan.store.TestDatabases;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the tables of live configuration must keep, on both databases. */
class StoredServiceTableTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Map<String, String> SETTINGS =
      Map.of("provider", "openai", "urls", "http://a, http://b", "short-timeout-sec", "1.5");

  private static DataSource open(Database database) throws Exception {
    var opened = new CompletableFuture<DataSource>();
    database.whenOpen(opened::complete);
    database.open();
    return opened.get(60, TimeUnit.SECONDS);
  }

  private static Database database(String kind) throws Exception {
    return new Database(kind.equals("h2") ? TestDatabases.h2() : TestDatabases.postgresql());
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void whoChangesAnOldVersionIsTold(String kind) throws Exception {
    try (var database = database(kind)) {
      var table = new StoredServiceTable(open(database));
      var first = new StoredService("s", SETTINGS, "sealed", 1);
      assertThat(table.replace(first, 0, NOW)).isTrue();
      assertThat(table.replace(first, 0, NOW)).as("it is there already").isFalse();
      assertThat(table.load()).containsEntry("s", first);
      var second = new StoredService("s", Map.of("provider", "mock"), null, 2);
      assertThat(table.replace(second, 1, NOW)).isTrue();
      assertThat(table.replace(second, 1, NOW)).isFalse();
      assertThat(table.load()).containsEntry("s", second);
      assertThat(table.delete("s", 1)).isFalse();
      assertThat(table.delete("s", 2)).isTrue();
      assertThat(table.load()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void aRowOfTheMirrorMakesRoomAndADamagedRowHindersNoOther(String kind) throws Exception {
    try (var database = database(kind)) {
      var source = open(database);
      var json = kind.equals("h2") ? "json '[]'" : "'[]'";
      try (var connection = source.getConnection();
          var insert = connection.createStatement()) {
        for (var values : new String[] {"'s', 'file', null", "'bad', 'api', '{'"}) {
          insert.execute(
              "insert into llm_service_configs (service_name, origin, settings, api_format, urls,"
                  + " verify_cert, enable_discovery) values ("
                  + values
                  + ", 'x', "
                  + json
                  + ", true, true)");
        }
      }
      var table = new StoredServiceTable(source);
      assertThat(table.load()).containsOnlyKeys("bad");
      assertThat(table.load().get("bad").isDamaged()).isTrue();
      assertThat(table.replace(new StoredService("s", SETTINGS, null, 1), 0, NOW)).isTrue();
      assertThat(table.load()).containsOnlyKeys("bad", "s");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void importedSettingsAreReplacedAsAWhole(String kind) throws Exception {
    try (var database = database(kind)) {
      var table = new ImportedSettingTable(open(database));
      table.replace(Map.of("a", "1", "b", "2"));
      table.replace(Map.of("b", "3"));
      assertThat(table.load()).isEqualTo(Map.of("b", "3"));
    }
  }
}

package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {

  @Test
  void knowsItsNewestVersion() throws Exception {
    try (var files = Files.list(Path.of("src/main/resources/db/migration"))) {
      var versions =
          files
              .map(file -> file.getFileName().toString().replaceFirst("V(\\d+)__.*\\.sql", "$1"))
              .map(Integer::valueOf)
              .toList();
      assertThat(versions).contains(Integer.valueOf(Schema.NEWEST));
      assertThat(versions).allMatch(version -> version <= Integer.parseInt(Schema.NEWEST));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"h2", "postgresql"})
  void keepsWhatAnOlderVersionHasStored(String kind) throws Exception {
    var url = kind.equals("h2") ? TestDatabases.h2() : TestDatabases.postgresql();
    try (var pool = Pool.open(url)) {
      var flyway = Flyway.configure().dataSource(pool).locations("classpath:db/migration");
      flyway.target("1").load().migrate();
      try (var connection = pool.getConnection();
          var statement = connection.createStatement()) {
        statement.execute(
            "insert into jobs (id, type, params, state, created_at) values ('old', 'load', '{}',"
                + " 'succeeded', '2026-01-02 03:04:05+00')");
        assertThat(Schema.isNewest(pool)).isFalse();
        Schema.update(pool);
        assertThat(Schema.isNewest(pool)).isTrue();
        var row = statement.executeQuery("select state, attempt, revision, active_key from jobs");
        assertThat(row.next()).isTrue();
        assertThat(row.getString("state")).isEqualTo("succeeded");
        assertThat(row.getInt("attempt") + row.getInt("revision")).isZero();
        assertThat(row.getString("active_key")).isNull();
      }
    }
  }

  @Test
  void aNewFileIsItsOwnersAndHasNoTraceBesideIt() throws Exception {
    var url = TestDatabases.h2();
    assertThat(url.file()).doesNotExist();
    try (var pool = Pool.open(url)) {
      Schema.update(pool);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(url.file())))
        .isEqualTo("rw-------");
    var trace = url.file().getFileName().toString().replace(".mv.db", ".trace.db");
    assertThat(url.file().resolveSibling(trace)).doesNotExist();
  }

  @Test
  void asksFlywayOnlyWhereThereIsSomethingToDo() throws Exception {
    try (var pool = Pool.open(TestDatabases.h2())) {
      assertThat(Schema.isNewest(pool)).isFalse();
      Schema.update(pool);
      assertThat(Schema.isNewest(pool)).isTrue();
      try (var connection = pool.getConnection()) {
        var change = "update \"flyway_schema_history\" set \"success\" = false";
        connection.createStatement().executeUpdate(change);
      }
      assertThat(Schema.isNewest(pool)).as("a migration that failed").isFalse();
    }
  }
}

package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

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

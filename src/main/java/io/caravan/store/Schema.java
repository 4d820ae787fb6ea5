package io.caravan.store;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * The tables and how they come to be: {@code db/migration/V<version>__<what>.sql}, in order. Flyway
 * is asked only where something is to be done, since waking it takes half a second and 15 MB.
 */
final class Schema {

  /** The version of the newest file. */
  static final String NEWEST = "40";

  /** Asked first: H2 writes each statement that fails into a file beside the database. */
  private static final String TABLES =
      "select 1 from information_schema.tables where table_name = 'flyway_schema_history'";

  private static final String HISTORY =
      "select \"version\" from \"flyway_schema_history\" where \"success\""
          + " order by \"installed_rank\" desc";

  private Schema() {}

  /** Brings the database up to date, whatever version it has or none. */
  static void update(DataSource source) {
    if (isNewest(source)) return;
    Flyway.configure().dataSource(source).locations("classpath:db/migration").load().migrate();
  }

  static boolean isNewest(DataSource source) {
    try (Connection connection = source.getConnection();
        var statement = connection.createStatement()) {
      statement.setMaxRows(1);
      try (var tables = statement.executeQuery(TABLES)) {
        if (!tables.next()) return false;
      }
      try (var rows = statement.executeQuery(HISTORY)) {
        return rows.next() && NEWEST.equals(rows.getString(1));
      }
    } catch (SQLException notReadable) {
      return false;
    }
  }
}

package io.caravan.live;

import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** The table {@code imported_settings}: what an import has set beside services. */
final class ImportedSettingTable {

  private final DataSource source;

  ImportedSettingTable(DataSource source) {
    this.source = source;
  }

  Map<String, String> load() throws SQLException {
    var all = new TreeMap<String, String>();
    try (var connection = source.getConnection();
        var select = connection.createStatement();
        var rows = select.executeQuery("select name, setting from imported_settings")) {
      while (rows.next()) all.put(rows.getString(1), rows.getString(2));
    }
    return all;
  }

  /** Makes the rows be these settings, in one transaction. */
  void replace(Map<String, String> settings) throws SQLException {
    try (var connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try (var delete = connection.createStatement();
          var insert =
              connection.prepareStatement(
                  "insert into imported_settings (name, setting) values (?, ?)")) {
        delete.executeUpdate("delete from imported_settings");
        for (var each : settings.entrySet()) {
          insert.setString(1, each.getKey());
          insert.setString(2, each.getValue());
          insert.addBatch();
        }
        insert.executeBatch();
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }
}

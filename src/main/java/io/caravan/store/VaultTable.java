package io.caravan.store;

import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import javax.sql.DataSource;

/** The table {@code vault}: one row with the sealed keys. */
final class VaultTable {

  private static final String ID = "keyset";

  private final DataSource source;

  VaultTable(DataSource source) {
    this.source = source;
  }

  /** The sealed keys, null if there are none yet. */
  String read() throws SQLException {
    try (var connection = source.getConnection();
        var select = connection.prepareStatement("select keyset from vault where id = ?")) {
      select.setString(1, ID);
      try (var rows = select.executeQuery()) {
        return rows.next() ? rows.getString(1) : null;
      }
    }
  }

  /** Puts the first ones in; false if another node did so just now. */
  boolean insert(String keyset, Instant now) throws SQLException {
    try (var connection = source.getConnection();
        var insert =
            connection.prepareStatement(
                "insert into vault (id, keyset, created_at) values (?, ?, ?)")) {
      insert.setString(1, ID);
      insert.setString(2, keyset);
      insert.setTimestamp(3, Timestamp.from(now));
      return insert.executeUpdate() == 1;
    } catch (SQLException e) {
      if (read() != null) return false;
      throw e;
    }
  }

  /** Whether what was put in outlives even a process that is killed. */
  boolean isDurable() {
    return Durable.sync(source);
  }

  /** Replaces them, if they are still as they were read. */
  boolean replace(String before, String keyset, Instant now) throws SQLException {
    try (var connection = source.getConnection();
        var update =
            connection.prepareStatement(
                "update vault set keyset = ?, rotated_at = ? where id = ? and keyset = ?")) {
      update.setString(1, keyset);
      update.setTimestamp(2, Timestamp.from(now));
      update.setString(3, ID);
      update.setString(4, before);
      return update.executeUpdate() == 1;
    }
  }
}

package io.caravan.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/** The table {@code audit}. */
final class AuditTable {

  private static final String MATCHING =
      " from audit where (? = '' or client_id = ?) and (? = '' or action = ?)";

  private final DataSource source;

  AuditTable(DataSource source) {
    this.source = source;
  }

  /**
   * What is looked for.
   *
   * @param client id, empty for all
   * @param action empty for all
   */
  record Filter(String client, String action, int limit, int offset) {}

  void insert(AuditEntry entry) throws SQLException {
    try (var connection = source.getConnection();
        var insert =
            connection.prepareStatement(
                "insert into audit (id, at, client_id, client_name, address, action, subject,"
                    + " status, details) values (?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, entry.id());
      insert.setTimestamp(2, Timestamp.from(entry.at()));
      insert.setString(3, entry.clientId());
      insert.setString(4, entry.clientName());
      insert.setString(5, entry.address());
      insert.setString(6, entry.action());
      insert.setString(7, entry.subject());
      insert.setInt(8, entry.status());
      insert.setString(9, entry.details());
      insert.executeUpdate();
    }
  }

  /** A page of it, the newest first. */
  List<AuditEntry> page(Filter filter) throws SQLException {
    var entries = new ArrayList<AuditEntry>();
    try (var connection = source.getConnection();
        var select =
            connection.prepareStatement(
                "select *" + MATCHING + " order by at desc, id limit ? offset ?")) {
      filter(select, filter);
      select.setInt(5, filter.limit());
      select.setInt(6, filter.offset());
      try (var rows = select.executeQuery()) {
        while (rows.next()) entries.add(entry(rows));
      }
    }
    return entries;
  }

  long count(Filter filter) throws SQLException {
    try (var connection = source.getConnection();
        var select = connection.prepareStatement("select count(*)" + MATCHING)) {
      filter(select, filter);
      try (var rows = select.executeQuery()) {
        rows.next();
        return rows.getLong(1);
      }
    }
  }

  int deleteBefore(Instant end) throws SQLException {
    try (var connection = source.getConnection();
        var delete = connection.prepareStatement("delete from audit where at < ?")) {
      delete.setTimestamp(1, Timestamp.from(end));
      return delete.executeUpdate();
    }
  }

  private static void filter(java.sql.PreparedStatement select, Filter filter) throws SQLException {
    select.setString(1, filter.client());
    select.setString(2, filter.client());
    select.setString(3, filter.action());
    select.setString(4, filter.action());
  }

  private static AuditEntry entry(ResultSet row) throws SQLException {
    return new AuditEntry(
        row.getString("id"),
        row.getTimestamp("at").toInstant(),
        row.getString("client_id"),
        row.getString("client_name"),
        row.getString("address"),
        row.getString("action"),
        row.getString("subject"),
        row.getInt("status"),
        row.getString("details"));
  }
}

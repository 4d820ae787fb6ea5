package io.caravan.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The table {@code llm_models}: one row for each model of each service. */
final class ModelTable {

  private static final String INSERT =
      "insert into llm_models (" + ModelColumns.NAMES + ") values (" + ModelColumns.MARKS + ")";

  private static final int LONGEST_NAME = 1000;

  private final DataSource source;

  ModelTable(DataSource source) {
    this.source = source;
  }

  /** All entries by service, in the order in which the services listed them. */
  Map<String, List<ObjectNode>> load() throws SQLException {
    var services = new LinkedHashMap<String, List<ObjectNode>>();
    try (var connection = source.getConnection();
        var select =
            connection.prepareStatement(
                "select " + ModelColumns.NAMES + " from llm_models order by service, name")) {
      select.setFetchSize(1000);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          var entry = entry(rows);
          services
              .computeIfAbsent(entry.path("service").asText(), name -> new ArrayList<>())
              .add(entry);
        }
      }
    }
    return services;
  }

  /** Makes the rows of a service be these entries, in one transaction. */
  void replace(String service, Collection<ObjectNode> entries) throws SQLException {
    try (var connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try (var delete = connection.prepareStatement("delete from llm_models where service = ?")) {
        delete.setString(1, service);
        delete.executeUpdate();
        insert(connection, entries);
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  private static void insert(Connection connection, Collection<ObjectNode> entries)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (var entry : entries) {
        if (entry.path("name").asText().length() > LONGEST_NAME) continue;
        ModelColumns.set(insert, entry);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** As {@link ModelEntry} makes it, from a row. */
  private static ObjectNode entry(ResultSet row) throws SQLException {
    var columns = ModelColumns.get(row);
    var entry = Json.object().put("id", columns.path("name").asText()).put("object", "model");
    var modified = columns.path("modified_at").asText("");
    entry.put(
        "created",
        modified.isEmpty() || columns.path("modified_at").isNull()
            ? 0
            : java.time.Instant.parse(modified).getEpochSecond());
    entry.put("loaded", columns.path("state").asText().equals("loaded"));
    return entry.setAll(columns);
  }
}

package io.caravan.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.caravan.store.Durable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table {@code api_keys}. */
final class KeyTable {

  private static final Logger LOG = LoggerFactory.getLogger(KeyTable.class);

  private final DataSource source;
  private final Set<String> reported;

  /**
   * @param reported ids of damaged rows, which the log has told of; kept up to date
   */
  KeyTable(DataSource source, Set<String> reported) {
    this.source = source;
    this.reported = reported;
  }

  /** All keys by their ids, the oldest first. A row that makes no sense opens nothing. */
  Map<String, ApiKey> all() throws SQLException {
    var keys = new LinkedHashMap<String, ApiKey>();
    var damaged = new HashSet<String>();
    try (var connection = source.getConnection();
        var select = connection.prepareStatement("select * from api_keys order by created_at, id");
        var rows = select.executeQuery()) {
      while (rows.next()) {
        var id = rows.getString("id");
        try {
          keys.put(id, KeyRow.read(rows));
        } catch (IllegalArgumentException | NullPointerException | JsonProcessingException e) {
          damaged.add(id);
          if (reported.add(id))
            LOG.error("The key {} is damaged in the database and opens nothing", id);
        }
      }
    }
    reported.retainAll(damaged);
    return keys;
  }

  void insert(ApiKey key) throws SQLException {
    var names = KeyRow.FIELDS.replace(" = ?", "");
    var marks = names.replaceAll("\\w+", "?");
    run("insert into api_keys (" + names + ", id) values (" + marks + ", ?)", key);
    Durable.sync(source);
  }

  /** Writes it over the one of its id; false if that is gone or was changed meanwhile. */
  boolean update(ApiKey key, Instant unchangedSince) throws SQLException {
    var sql = "update api_keys set " + KeyRow.FIELDS + " where id = ? and updated_at = ?";
    boolean done;
    try (var connection = source.getConnection();
        var update = connection.prepareStatement(sql)) {
      int next = KeyRow.fill(update, key);
      update.setTimestamp(next, Timestamp.from(unchangedSince));
      done = update.executeUpdate() == 1;
    }
    if (done) Durable.sync(source);
    return done;
  }

  /** Removes a key, and what is kept for its user alone: the settings, vendors' keys in them. */
  boolean delete(String id) throws SQLException {
    boolean done;
    try (var connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        delete(connection, "delete from settings where user_id = ?", id);
        done = delete(connection, "delete from api_keys where id = ?", id) == 1;
        if (done) connection.commit();
        else connection.rollback();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
    if (done) Durable.sync(source);
    return done;
  }

  private static int delete(Connection connection, String sql, String id) throws SQLException {
    try (var delete = connection.prepareStatement(sql)) {
      delete.setString(1, id);
      return delete.executeUpdate();
    }
  }

  private void run(String sql, ApiKey key) throws SQLException {
    try (var connection = source.getConnection();
        var statement = connection.prepareStatement(sql)) {
      KeyRow.fill(statement, key);
      statement.executeUpdate();
    }
  }
}

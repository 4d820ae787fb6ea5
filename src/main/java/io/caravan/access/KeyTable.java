package io.caravan.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.caravan.access.Client.Limits;
import io.caravan.access.Client.Scope;
import io.caravan.json.Json;
import io.caravan.store.Durable;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The table {@code api_keys}. */
final class KeyTable {

  private static final Logger LOG = LoggerFactory.getLogger(KeyTable.class);
  private static final int SHA256_BYTES = 32;

  private static final String FIELDS =
      "name = ?, scope = ?, secret_hash = ?, mask = ?, disabled = ?, expires_at = ?,"
          + " allowed_models = ?, allowed_services = ?, requests_per_minute = ?,"
          + " tokens_per_minute = ?, created_at = ?, updated_at = ?";

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
          keys.put(id, key(rows));
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
    var names = FIELDS.replace(" = ?", "");
    var marks = names.replaceAll("\\w+", "?");
    run("insert into api_keys (" + names + ", id) values (" + marks + ", ?)", key);
    Durable.sync(source);
  }

  /** Writes it over the one of its id; false if that is gone or was changed meanwhile. */
  boolean update(ApiKey key, Instant unchangedSince) throws SQLException {
    var sql = "update api_keys set " + FIELDS + " where id = ? and updated_at = ?";
    boolean done;
    try (var connection = source.getConnection();
        var update = connection.prepareStatement(sql)) {
      int next = fill(update, key);
      update.setTimestamp(next, Timestamp.from(unchangedSince));
      done = update.executeUpdate() == 1;
    }
    if (done) Durable.sync(source);
    return done;
  }

  boolean delete(String id) throws SQLException {
    boolean done;
    try (var connection = source.getConnection();
        var delete = connection.prepareStatement("delete from api_keys where id = ?")) {
      delete.setString(1, id);
      done = delete.executeUpdate() == 1;
    }
    if (done) Durable.sync(source);
    return done;
  }

  private void run(String sql, ApiKey key) throws SQLException {
    try (var connection = source.getConnection();
        var statement = connection.prepareStatement(sql)) {
      fill(statement, key);
      statement.executeUpdate();
    }
  }

  private static int fill(PreparedStatement row, ApiKey key) throws SQLException {
    var limits = key.limits();
    row.setString(1, key.name());
    row.setString(2, key.scope().name());
    row.setString(3, HexFormat.of().formatHex(key.hash()));
    row.setString(4, key.mask());
    row.setBoolean(5, key.disabled());
    row.setTimestamp(6, limits.expiresAt() == null ? null : Timestamp.from(limits.expiresAt()));
    row.setString(7, text(limits.allowedModels()));
    row.setString(8, text(limits.allowedServices()));
    row.setInt(9, limits.requestsPerMinute());
    row.setLong(10, limits.tokensPerMinute());
    row.setTimestamp(11, Timestamp.from(key.createdAt()));
    row.setTimestamp(12, Timestamp.from(key.updatedAt()));
    row.setString(13, key.id());
    return 14;
  }

  private static ApiKey key(ResultSet row) throws SQLException, JsonProcessingException {
    var expires = row.getTimestamp("expires_at");
    var limits =
        new Limits(
            list(row.getString("allowed_models")),
            list(row.getString("allowed_services")),
            row.getInt("requests_per_minute"),
            row.getLong("tokens_per_minute"),
            expires == null ? null : expires.toInstant());
    var hash = HexFormat.of().parseHex(row.getString("secret_hash"));
    if (hash.length != SHA256_BYTES) throw new IllegalArgumentException("no SHA-256");
    return new ApiKey(
        row.getString("id"),
        row.getString("name"),
        Scope.valueOf(row.getString("scope")),
        hash,
        row.getString("mask"),
        row.getBoolean("disabled"),
        limits,
        row.getTimestamp("created_at").toInstant(),
        row.getTimestamp("updated_at").toInstant());
  }

  private static String text(List<String> values) {
    var array = Json.array();
    values.forEach(array::add);
    return Json.text(array);
  }

  private static List<String> list(String text) throws JsonProcessingException {
    var array = Json.read(text == null ? "[]" : text);
    if (!array.isArray()) throw new IllegalArgumentException("no list");
    return Json.texts(array);
  }
}

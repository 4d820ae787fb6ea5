package io.caravan.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.caravan.access.Client.Limits;
import io.caravan.access.Client.Scope;
import io.caravan.json.Json;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.util.HexFormat;
import java.util.List;

/** A row of the table {@code api_keys}. */
final class KeyRow {

  private static final int SHA256_BYTES = 32;

  static final String FIELDS =
      "name = ?, scope = ?, secret_hash = ?, mask = ?, disabled = ?, expires_at = ?,"
          + " allowed_models = ?, allowed_services = ?, requests_per_minute = ?,"
          + " tokens_per_minute = ?, created_at = ?, updated_at = ?";

  private KeyRow() {}

  /** Puts all of a key but its id's condition into a statement; returns the next parameter. */
  static int fill(PreparedStatement row, ApiKey key) throws SQLException {
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

  /** The key of the present row; a row that makes no sense fails. */
  static ApiKey read(ResultSet row) throws SQLException, JsonProcessingException {
    var expires = row.getTimestamp("expires_at");
    var limits =
        new Limits(
            list(row.getString("allowed_models")),
            list(row.getString("allowed_services")),
            row.getInt("requests_per_minute"),
            row.getLong("tokens_per_minute"),
            expires == null ? null : expires.toInstant());
    boolean negative = limits.requestsPerMinute() < 0 || limits.tokensPerMinute() < 0;
    if (negative) throw new IllegalArgumentException("no limit");
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

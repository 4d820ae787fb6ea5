package io.caravan.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.caravan.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** The rows of the table {@code llm_service_configs} that the API has made. */
final class StoredServiceTable {

  private static final String ORIGIN = "api";
  private static final String COLUMNS =
      "service_name, api_format, api_key_env_var, urls, short_timeout_sec, long_timeout_sec,"
          + " verify_cert, enable_discovery, origin, settings, sealed_api_key, version, updated_at";

  private final DataSource source;

  StoredServiceTable(DataSource source) {
    this.source = source;
  }

  /** All of them by name. */
  Map<String, StoredService> load() throws SQLException {
    var all = new TreeMap<String, StoredService>();
    try (var connection = source.getConnection();
        var select =
            connection.prepareStatement(
                "select service_name, settings, sealed_api_key, version from llm_service_configs"
                    + " where origin = ?")) {
      select.setString(1, ORIGIN);
      try (var rows = select.executeQuery()) {
        while (rows.next()) {
          var name = rows.getString(1);
          var settings = settings(rows.getString(2));
          all.put(name, new StoredService(name, settings, rows.getString(3), rows.getLong(4)));
        }
      }
    }
    return all;
  }

  /**
   * Puts a service in the place of the one of that version; 0 for none.
   *
   * @return false if there is another version
   */
  boolean replace(StoredService service, long before, Instant now) throws SQLException {
    try (var connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try {
        boolean done =
            delete(connection, service.name(), before) && insert(connection, service, now);
        if (done) connection.commit();
        else connection.rollback();
        return done;
      } catch (SQLException e) {
        connection.rollback();
        if (e.getSQLState() != null && e.getSQLState().startsWith("23")) return false;
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  /** Removes a service; false if it is not there in that version. */
  boolean delete(String name, long version) throws SQLException {
    try (var connection = source.getConnection()) {
      return delete(connection, name, version);
    }
  }

  /** The row of a new one may still be that of a mirror. */
  private static boolean delete(Connection connection, String name, long version)
      throws SQLException {
    boolean isNew = version == 0;
    try (var delete =
        connection.prepareStatement(
            "delete from llm_service_configs where service_name = ? and "
                + (isNew ? "origin <> ?" : "origin = ? and version = ?"))) {
      delete.setString(1, name);
      delete.setString(2, ORIGIN);
      if (!isNew) delete.setLong(3, version);
      return delete.executeUpdate() == 1 || isNew;
    }
  }

  private static boolean insert(Connection connection, StoredService service, Instant now)
      throws SQLException {
    boolean h2 = connection.getMetaData().getDatabaseProductName().equals("H2");
    var json = h2 ? "? format json" : "cast(? as json)";
    var sql =
        "insert into llm_service_configs (%s) values (?, ?, ?, %s, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    try (var insert = connection.prepareStatement(sql.formatted(COLUMNS, json))) {
      var settings = service.settings();
      insert.setString(1, service.name());
      insert.setString(2, settings.get("provider"));
      insert.setString(3, settings.get("api-key-env-var"));
      insert.setString(4, urls(settings.getOrDefault("urls", "")));
      number(insert, 5, settings.get("short-timeout-sec"));
      number(insert, 6, settings.get("long-timeout-sec"));
      insert.setBoolean(7, !"false".equals(settings.get("verify-cert")));
      insert.setBoolean(8, !"false".equals(settings.get("enable-discovery")));
      insert.setString(9, ORIGIN);
      insert.setString(10, text(settings));
      insert.setString(11, service.sealedKey());
      insert.setLong(12, service.version());
      insert.setTimestamp(13, Timestamp.from(now));
      return insert.executeUpdate() == 1;
    }
  }

  private static void number(PreparedStatement insert, int column, String value)
      throws SQLException {
    if (value == null) insert.setNull(column, Types.DOUBLE);
    else insert.setDouble(column, Double.parseDouble(value));
  }

  private static String urls(String list) {
    var urls = Json.array();
    Stream.of(list.split(",")).map(String::strip).filter(url -> !url.isEmpty()).forEach(urls::add);
    return Json.text(urls);
  }

  private static String text(Map<String, String> settings) {
    var json = Json.object();
    new TreeMap<>(settings).forEach(json::put);
    return Json.text(json);
  }

  /** None if the row is damaged; it hinders no other. */
  private static Map<String, String> settings(String text) {
    var settings = new LinkedHashMap<String, String>();
    try {
      Json.read(String.valueOf(text))
          .properties()
          .forEach(field -> settings.put(field.getKey(), field.getValue().asText()));
      return settings;
    } catch (JsonProcessingException e) {
      return Map.of();
    }
  }
}

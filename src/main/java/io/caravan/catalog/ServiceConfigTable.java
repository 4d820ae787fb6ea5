package io.caravan.catalog;

import io.caravan.json.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import javax.sql.DataSource;

/** The table {@code llm_service_configs}: how services are configured. No key is ever in it. */
final class ServiceConfigTable {

  /** Where a row comes from: a mirror of {@code caravan.properties}. */
  private static final String FILE = "file";

  private final DataSource source;

  ServiceConfigTable(DataSource source) {
    this.source = source;
  }

  /**
   * Makes the rows of this origin be these services, in one transaction. What was made by the API
   * has a row already.
   */
  void mirror(Collection<Service> services) throws SQLException {
    try (var connection = source.getConnection()) {
      connection.setAutoCommit(false);
      try (var delete =
          connection.prepareStatement("delete from llm_service_configs where origin = ?")) {
        delete.setString(1, FILE);
        delete.executeUpdate();
        var taken = names(connection);
        insert(connection, services.stream().filter(each -> !taken.contains(each.name())).toList());
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      } finally {
        connection.setAutoCommit(true);
      }
    }
  }

  private static Set<String> names(Connection connection) throws SQLException {
    var names = new HashSet<String>();
    try (var select = connection.createStatement();
        var rows = select.executeQuery("select service_name from llm_service_configs")) {
      while (rows.next()) names.add(rows.getString(1));
    }
    return names;
  }

  private static void insert(Connection connection, Collection<Service> services)
      throws SQLException {
    boolean h2 = connection.getMetaData().getDatabaseProductName().equals("H2");
    var json = h2 ? "? format json" : "cast(? as json)";
    try (var insert =
        connection.prepareStatement(
            "insert into llm_service_configs (service_name, api_format, api_key_env_var, urls,"
                + " short_timeout_sec, long_timeout_sec, verify_cert, enable_discovery, origin)"
                + " values (?, ?, ?, "
                + json
                + ", ?, ?, ?, ?, ?)")) {
      for (var service : services) {
        insert.setString(1, service.name());
        insert.setString(2, service.provider().name());
        if (service.provider().keyVariable() == null) insert.setNull(3, Types.VARCHAR);
        else insert.setString(3, service.provider().keyVariable());
        var urls = Json.array();
        service.urls().forEach(urls::add);
        insert.setString(4, Json.text(urls));
        insert.setDouble(5, seconds(service.limits().brief()));
        insert.setDouble(6, seconds(service.limits().whole()));
        insert.setBoolean(7, service.verifyCert());
        insert.setBoolean(8, service.discovery());
        insert.setString(9, FILE);
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}

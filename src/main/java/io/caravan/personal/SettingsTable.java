package io.caravan.personal;

import io.caravan.errors.GatewayException;
import io.caravan.store.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code settings}. Every method may block; a database that cannot be used is a {@link
 * GatewayException.Unavailable}.
 */
final class SettingsTable {

  private static final Logger LOG = LoggerFactory.getLogger(SettingsTable.class);
  private static final int ATTEMPTS = 3;

  private final OpenDatabase database;

  SettingsTable(Database database) {
    this.database = new OpenDatabase(database);
  }

  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** What is active for a user. */
  Optional<Choice> active(String user) {
    return find("where user_id = ? and is_active = true", user);
  }

  /** What a user has once said of a backend, active or not. */
  Optional<Choice> of(String user, String backendType) {
    return find("where user_id = ? and backend_type = ?", user, backendType);
  }

  private Optional<Choice> find(String where, String... arguments) {
    return run(
        connection -> {
          try (var select = connection.prepareStatement(SettingsRow.SELECT + where)) {
            for (int i = 0; i < arguments.length; i++) select.setString(i + 1, arguments[i]);
            try (var rows = select.executeQuery()) {
              return rows.next() ? Optional.of(SettingsRow.read(rows)) : Optional.<Choice>empty();
            }
          }
        });
  }

  /** Keeps a choice, and makes it the active one of its user if that is wanted. */
  void save(Choice choice, boolean active) {
    run(
        connection -> {
          for (int attempt = 1; ; attempt++) {
            connection.setAutoCommit(false);
            try {
              write(connection, choice, active);
              connection.commit();
              return null;
            } catch (SQLException e) {
              connection.rollback();
              // somebody has inserted the same row in this moment
              if (attempt == ATTEMPTS || !"23505".equals(e.getSQLState())) throw e;
            } finally {
              connection.setAutoCommit(true);
            }
          }
        });
  }

  private static void write(Connection connection, Choice choice, boolean active)
      throws SQLException {
    var user = choice.userId();
    var type = choice.backendType();
    var now = choice.updatedAt();
    if (active) {
      var others = "update settings set is_active = false where user_id = ? and backend_type <> ?";
      update(connection, others, user, type);
    }
    int updated =
        update(
            connection,
            "update settings set config_json = ?, is_active = ?, updated_at = ?"
                + " where user_id = ? and backend_type = ?",
            SettingsRow.json(choice),
            active,
            now,
            user,
            type);
    if (updated > 0) return;
    update(
        connection,
        "insert into settings (id, user_id, backend_type, config_json, is_active, created_at,"
            + " updated_at) values (?, ?, ?, ?, ?, ?, ?)",
        UUID.randomUUID().toString(),
        user,
        type,
        SettingsRow.json(choice),
        active,
        now,
        now);
  }

  /** Notes how a test went, unless the choice was changed meanwhile. */
  void tested(Choice choice) {
    run(
        connection ->
            update(
                connection,
                "update settings set config_json = ? where user_id = ? and backend_type = ?"
                    + " and updated_at = ?",
                SettingsRow.json(choice),
                choice.userId(),
                choice.backendType(),
                choice.updatedAt()));
  }

  /** Forgets all that a user has said; returns how many rows there were. */
  int delete(String user) {
    return run(connection -> update(connection, "delete from settings where user_id = ?", user));
  }

  private static int update(Connection connection, String sql, Object... arguments)
      throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        var value = arguments[i];
        boolean time = value instanceof Instant;
        statement.setObject(i + 1, time ? ((Instant) value).atOffset(ZoneOffset.UTC) : value);
      }
      return statement.executeUpdate();
    }
  }

  private <T> T run(Work<T> work) {
    try (var connection = database.source().getConnection()) {
      return work.on(connection);
    } catch (SQLException e) {
      LOG.error("A statement on the settings failed", e);
      throw new GatewayException.Unavailable("The database cannot be used at the moment.", 5);
    }
  }
}

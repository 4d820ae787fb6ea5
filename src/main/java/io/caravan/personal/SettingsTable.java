package io.caravan.personal;

import io.caravan.errors.GatewayException;
import io.caravan.store.Database;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The table {@code settings}. Every method may block; a database that cannot be used is a {@link
 * GatewayException.Unavailable}.
 */
final class SettingsTable {

  private static final int ATTEMPTS = 3;

  /** Another node was at the same rows in this moment: duplicate key, deadlock, conflict. */
  private static final Set<String> PASSING = Set.of("23505", "40P01", "40001");

  /** All rows of a user in one order, so that two nodes do not wait for each other. */
  private static final String LOCK =
      "select id from settings where user_id = ? order by backend_type for update";

  private final OpenDatabase database;

  SettingsTable(Database database) {
    this.database = new OpenDatabase(database);
  }

  /** What is active for a user. */
  Optional<Choice> active(String user) {
    return find("where user_id = ? and is_active = true order by updated_at desc", user);
  }

  /** What a user has once said of a backend, active or not. */
  Optional<Choice> of(String user, String backendType) {
    return find("where user_id = ? and backend_type = ?", user, backendType);
  }

  /** All that a user has once said, the latest first. */
  List<Choice> all(String user) {
    return select("where user_id = ? order by updated_at desc", user);
  }

  private Optional<Choice> find(String where, String... arguments) {
    return select(where, arguments).stream().findFirst();
  }

  private List<Choice> select(String where, String... arguments) {
    return database.run(
        connection -> {
          try (var select = connection.prepareStatement(SettingsRow.SELECT + where)) {
            for (int i = 0; i < arguments.length; i++) select.setString(i + 1, arguments[i]);
            try (var rows = select.executeQuery()) {
              var found = new ArrayList<Choice>();
              while (rows.next()) found.add(SettingsRow.read(rows));
              return found;
            }
          }
        });
  }

  /** Keeps a choice, and makes it the active one of its user if that is wanted. */
  synchronized void save(Choice choice, boolean active) {
    database.runDurably(
        connection -> {
          for (int attempt = 1; ; attempt++) {
            connection.setAutoCommit(false);
            try {
              write(connection, choice, active);
              connection.commit();
              return null;
            } catch (SQLException e) {
              connection.rollback();
              if (attempt == ATTEMPTS || !PASSING.contains(e.getSQLState())) throw e;
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
      lock(connection, user);
      var others = "update settings set is_active = false where user_id = ? and backend_type <> ?";
      OpenDatabase.update(connection, others, user, type);
    }
    int updated =
        OpenDatabase.update(
            connection,
            "update settings set config_json = ?, is_active = ?, updated_at = ?"
                + " where user_id = ? and backend_type = ?",
            SettingsRow.json(choice),
            active,
            now,
            user,
            type);
    if (updated > 0) return;
    OpenDatabase.update(
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

  private static void lock(Connection connection, String user) throws SQLException {
    try (var lock = connection.prepareStatement(LOCK)) {
      lock.setString(1, user);
      lock.executeQuery().close();
    }
  }

  /** Notes how a test went, unless the choice was changed meanwhile. */
  void tested(Choice choice) {
    database.run(
        connection ->
            OpenDatabase.update(
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
    return database.runDurably(
        connection ->
            OpenDatabase.update(connection, "delete from settings where user_id = ?", user));
  }
}

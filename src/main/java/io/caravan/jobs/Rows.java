package io.caravan.jobs;

import io.caravan.errors.GatewayException;
import io.caravan.store.Database;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Single statements, each a transaction of its own. */
final class Rows {

  private static final Logger LOG = LoggerFactory.getLogger(Rows.class);
  private static final String DUPLICATE = "23505"; // SQLSTATE of both databases

  private final Database database;
  private final AtomicBoolean away = new AtomicBoolean();

  Rows(Database database) {
    this.database = database;
  }

  /** Makes something of the present row. */
  interface Mapper<T> {
    T map(ResultSet row) throws SQLException;
  }

  private interface Action<T> {
    T on(PreparedStatement statement) throws SQLException;
  }

  <T> List<T> query(String sql, Mapper<T> mapper, Object... arguments) {
    return run(
        sql,
        statement -> {
          var found = new ArrayList<T>();
          try (var rows = statement.executeQuery()) {
            while (rows.next()) found.add(mapper.map(rows));
          }
          return found;
        },
        arguments);
  }

  /** The number of rows changed; -1 if a row like that is there already. */
  int update(String sql, Object... arguments) {
    return run(sql, PreparedStatement::executeUpdate, arguments);
  }

  /**
   * Has what was written reach the disk, so that it outlives the process at once: H2 takes up to
   * half a second for it, PostgreSQL does it with each statement.
   */
  void flush() {
    try (var connection = database.dataSource().getConnection();
        var statement = connection.createStatement()) {
      if (connection.getMetaData().getURL().startsWith("jdbc:h2:")) statement.execute("checkpoint");
    } catch (SQLException e) {
      LOG.warn("The jobs could not be written to the disk at once: {}", e.getMessage());
    }
  }

  @SuppressWarnings("unchecked")
  private <T> T run(String sql, Action<T> action, Object... arguments) {
    try (Connection connection = database.dataSource().getConnection();
        var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) set(statement, i + 1, arguments[i]);
      T result = action.on(statement);
      if (away.compareAndSet(true, false)) LOG.info("Jobs can be written again");
      return result;
    } catch (SQLException e) {
      if (e instanceof SQLIntegrityConstraintViolationException
          || DUPLICATE.equals(e.getSQLState())) {
        return (T) Integer.valueOf(-1);
      }
      if (isOurFault(e)) throw new IllegalStateException("A statement on the jobs failed", e);
      if (!away.compareAndSet(false, true)) LOG.debug("A statement on the jobs failed", e);
      else LOG.error("Jobs cannot be written at the moment: {}", e.toString());
      throw new GatewayException.Unavailable("The database cannot be used at the moment.", 5);
    }
  }

  /** A value or a statement that is no good will be none later either: nobody is to wait. */
  private static boolean isOurFault(SQLException e) {
    var state = String.valueOf(e.getSQLState());
    return state.startsWith("22") || state.startsWith("42");
  }

  private static void set(PreparedStatement statement, int at, Object value) throws SQLException {
    statement.setObject(at, value instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : value);
  }
}

package io.caravan.personal;

import io.caravan.errors.GatewayException;
import io.caravan.store.Database;
import io.caravan.store.Durable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The database for those who may wait a moment for it: behind the start it is being opened. */
final class OpenDatabase {

  private static final Logger LOG = LoggerFactory.getLogger(OpenDatabase.class);
  private static final int ROUNDS = 80;
  private static final int ROUND_MILLIS = 100;

  private final Database database;
  private final CompletableFuture<DataSource> open = new CompletableFuture<>();

  OpenDatabase(Database database) {
    this.database = database;
    database.whenOpen(open::complete);
  }

  /** Who asks in the first seconds after the start waits for the database. */
  private DataSource source() {
    for (int round = 0; !open.isDone() && round < ROUNDS; round++) {
      try {
        open.get(ROUND_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        if (hasFailed()) break;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }
    return database.dataSource();
  }

  /** One that could not be opened names a longer pause than one that is being opened. */
  private boolean hasFailed() {
    try {
      database.dataSource();
      return false;
    } catch (GatewayException.Unavailable e) {
      return e.retryAfterSeconds() > 1;
    }
  }

  /** Something that needs a connection. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /**
   * Does it; may block.
   *
   * @throws GatewayException.Unavailable if the database cannot be used
   */
  <T> T run(Work<T> work) {
    try (var connection = source().getConnection()) {
      return work.on(connection);
    } catch (SQLException e) {
      LOG.error("A statement on the settings failed", e);
      throw new GatewayException.Unavailable("The database cannot be used at the moment.", 5);
    }
  }

  /** Does it so that it outlives even a process that is killed at once. */
  <T> T runDurably(Work<T> work) {
    var result = run(work);
    Durable.sync(source());
    return result;
  }

  /** Runs one statement; returns how many rows it has changed. */
  static int update(Connection connection, String sql, Object... arguments) throws SQLException {
    try (var statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arguments.length; i++) {
        var value = arguments[i];
        boolean time = value instanceof Instant;
        statement.setObject(i + 1, time ? ((Instant) value).atOffset(ZoneOffset.UTC) : value);
      }
      return statement.executeUpdate();
    }
  }
}

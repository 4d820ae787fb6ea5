package io.caravan.personal;

import io.caravan.errors.GatewayException;
import io.caravan.store.Database;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;

/** The database for those who may wait a moment for it: behind the start it is being opened. */
final class OpenDatabase {

  private static final int ROUNDS = 30;
  private static final int ROUND_MILLIS = 100;

  private final Database database;
  private final CompletableFuture<DataSource> open = new CompletableFuture<>();

  OpenDatabase(Database database) {
    this.database = database;
    database.whenOpen(open::complete);
  }

  /** Who asks in the first seconds after the start waits for the database. */
  DataSource source() {
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
}

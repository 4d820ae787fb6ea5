package io.caravan.live;

import io.caravan.errors.GatewayException;
import io.caravan.store.Database;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Waits, for a bounded time, for what is stored, which is known but for the first second. */
final class FirstRead {

  /** What {@link Database} says while it is being opened. */
  private static final int OPENING_SECONDS = 1;

  static final int PATIENCE_SECONDS = 5;

  private final Database database;
  private final CompletableFuture<Void> known = new CompletableFuture<>();

  FirstRead(Database database) {
    this.database = database;
  }

  void done() {
    known.complete(null);
  }

  /**
   * Waits for it.
   *
   * @throws GatewayException.Unavailable if the database cannot be opened
   */
  void await() {
    if (known.isDone()) return;
    try {
      database.dataSource();
    } catch (GatewayException.Unavailable e) {
      if (e.retryAfterSeconds() > OPENING_SECONDS) throw e;
    }
    known.copy().completeOnTimeout(null, PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    if (!known.isDone()) database.dataSource();
  }
}

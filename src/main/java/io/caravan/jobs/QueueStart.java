package io.caravan.jobs;

import io.caravan.errors.GatewayException;
import io.caravan.store.Database;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The queue of jobs, which is there a moment after the database has been opened. */
final class QueueStart implements AutoCloseable {

  private static final int ROUNDS = 150;
  private static final int ROUND_MILLIS = 100;

  private final Database database;
  private final CompletableFuture<JobQueue> queue = new CompletableFuture<>();
  private boolean closed;

  QueueStart(Database database) {
    this.database = database;
  }

  /** The database is open: starts the queue, unless the gateway is ending by now. */
  synchronized void begin(JobQueue ready) {
    if (closed) return;
    ready.start();
    queue.complete(ready);
  }

  /**
   * The queue; who asks in the first seconds after the start waits for it.
   *
   * @throws GatewayException.Unavailable if the database cannot be opened, or not soon enough
   */
  JobQueue await() {
    for (int round = 0; !queue.isDone() && round < ROUNDS; round++) {
      if (!database.isOpen()) giveUpIfHopeless();
      try {
        return queue.get(ROUND_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException | ExecutionException e) {
        continue;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    if (queue.isDone()) return queue.join();
    throw new GatewayException.Unavailable("Jobs are being started.", 1);
  }

  /** Whether nobody would have to wait. */
  boolean isReady() {
    return queue.isDone();
  }

  /** A database that could not be opened names a longer pause than one that is being opened. */
  private void giveUpIfHopeless() {
    try {
      database.dataSource();
    } catch (GatewayException.Unavailable e) {
      if (e.retryAfterSeconds() > 1) throw e;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (queue.isDone()) queue.join().close();
  }
}

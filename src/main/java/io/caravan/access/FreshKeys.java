package io.caravan.access;

import io.caravan.access.Client.Limits;
import io.caravan.access.Client.Scope;
import io.caravan.store.Database;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the keys in memory as they are in the database, where another node may change them. */
final class FreshKeys implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FreshKeys.class);
  private static final int REFRESH_SECONDS = 5;
  private static final int PATIENCE_SECONDS = 10;

  private final Keys keys;
  private final Clock clock;
  private final Consumer<String> announce;
  private final CountDownLatch known = new CountDownLatch(1);
  private final ScheduledExecutorService refresher =
      Executors.newSingleThreadScheduledExecutor(FreshKeys::thread);

  /**
   * @param announce takes a new admin's token, which nobody sees again
   */
  FreshKeys(Keys keys, Clock clock, Consumer<String> announce) {
    this.keys = keys;
    this.clock = clock;
    this.announce = announce;
  }

  /**
   * Begins, and waits for the first look, for a bounded time.
   *
   * @param hasAdmin whether there is an admin in any case; else one is made where there is none
   */
  void keep(Database database, boolean hasAdmin) {
    var admin = new AtomicBoolean(hasAdmin);
    database.whenOpen(
        source ->
            refresher.scheduleWithFixedDelay(
                () -> look(admin), 0, REFRESH_SECONDS, TimeUnit.SECONDS));
    database.open();
    try {
      if (known.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) return;
      LOG.error("The keys of clients cannot be read yet; until then nobody gets in");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Those that are known stay while the database is away. */
  private void look(AtomicBoolean admin) {
    try {
      keys.refresh();
      if (!admin.getAndSet(true)) announceAdmin();
      known.countDown();
    } catch (RuntimeException e) {
      LOG.debug("The keys were not read", e);
    }
  }

  private void announceAdmin() {
    var now = clock.instant();
    for (var key : keys.all()) if (key.scope() == Scope.ADMIN && key.opens(now)) return;
    var draft = new ApiKey(null, "admin", Scope.ADMIN, null, null, false, Limits.NONE, null, null);
    announce.accept(keys.create(draft).text());
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "keys");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    refresher.shutdownNow();
  }
}

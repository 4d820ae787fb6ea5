package io.caravan.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.store.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the catalog in the database: read once, when that is open, and written behind every change,
 * on a thread of its own. Nobody waits for it; while there is no database nothing is written.
 */
public final class KeptCatalog implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeptCatalog.class);
  private static final int WRITE_BEHIND_MILLIS = 500;
  private static final int CLOSE_SECONDS = 5;

  /** How long the first lists wait at most for what was kept. */
  private static final int PATIENCE_SECONDS = 3;

  private final Catalog catalog;
  private final Database database;
  private final Set<String> changed = ConcurrentHashMap.newKeySet();
  private final Set<String> gone = ConcurrentHashMap.newKeySet();
  private volatile boolean recalled;
  private volatile long mirrored;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(KeptCatalog::thread);

  public KeptCatalog(Catalog catalog, Database database) {
    this.catalog = catalog;
    this.database = database;
  }

  /** Begins to keep; to be called once, before the database is opened. */
  public void start() {
    catalog.onChange(this::changed);
    database.whenOpen(this::read);
    if (database.isNew()) catalog.rounds().recalled();
    else thread.schedule(catalog.rounds()::recalled, PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private void read(DataSource source) {
    try {
      var kept = new ModelTable(source).load();
      kept.forEach(
          (name, entries) -> {
            var service = catalog.services().get(name);
            if (service != null) catalog.remember(service, entries);
          });
    } catch (SQLException e) {
      LOG.error("What was kept of the services' models cannot be read: {}", e.getMessage());
    }
    recalled = true;
    catalog.rounds().recalled();
    later();
  }

  /** What was kept of a service that is not there any more is not true of the next of its name. */
  private void changed(Service service) {
    var present = catalog.services().get(service.name());
    boolean ended = present == null || !service.isAt(present);
    if (ended && recalled) gone.add(service.name());
    if (changed.add(service.name()) && changed.size() == 1) later();
  }

  private void later() {
    try {
      thread.schedule(this::write, WRITE_BEHIND_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException closing) {
      LOG.debug("A change at the very end is not kept");
    }
  }

  private void write() {
    if (!database.isOpen()) return; // read() comes back to it
    mirror();
    for (var name : Set.copyOf(changed)) {
      changed.remove(name);
      var service = catalog.services().get(name);
      var models = service == null ? List.<ObjectNode>of() : catalog.models(service);
      boolean forgotten = gone.remove(name);
      if (models == null && !forgotten) continue;
      try {
        new ModelTable(database.dataSource()).replace(name, models == null ? List.of() : models);
      } catch (SQLException | RuntimeException e) {
        LOG.warn("The models of the service '{}' are not kept: {}", name, e.getMessage());
      }
    }
  }

  /** The services as they are configured, if that has changed since it was written. */
  private void mirror() {
    long version = catalog.services().version();
    if (mirrored == version) return;
    try {
      new ServiceConfigTable(database.dataSource()).mirror(catalog.services().all());
      mirrored = version;
    } catch (SQLException e) {
      LOG.warn("How the services are configured is not kept: {}", e.getMessage());
    }
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "catalog");
    thread.setDaemon(true);
    return thread;
  }

  /** Writes what has changed and not been written, for a bounded time. */
  @Override
  public void close() {
    thread.execute(this::write);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) thread.shutdownNow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

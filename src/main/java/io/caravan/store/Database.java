package io.caravan.store;

import com.zaxxer.hikari.HikariDataSource;
import io.caravan.errors.GatewayException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database that keeps what outlives the process. It is opened on a thread of its own, so that
 * neither the start nor any call waits for it; while it is not there, those who need it are told
 * why. Its schema is brought up to date when it is opened.
 */
public final class Database implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int RETRY_SECONDS = 10;

  private final DatabaseUrl url;
  private final ScheduledThreadPoolExecutor thread =
      new ScheduledThreadPoolExecutor(1, Database::thread);
  private final List<Consumer<DataSource>> waiting = new ArrayList<>();
  private final AtomicBoolean begun = new AtomicBoolean();
  private HikariDataSource pool;
  private OpenFailure failure;
  private boolean closed;

  public Database(DatabaseUrl url) {
    this.url = url;
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false); // an attempt to open it
  }

  /** Begins to open it, the first time; returns at once. */
  public void open() {
    if (begun.compareAndSet(false, true)) thread.execute(() -> attempt(Duration.ofSeconds(1)));
  }

  /**
   * Runs the action on the database's own thread as soon as it is open, which may be never. What it
   * throws is logged.
   */
  public synchronized void whenOpen(Consumer<DataSource> action) {
    if (pool == null) waiting.add(action);
    else thread.execute(() -> run(action, pool));
  }

  /** Whether nothing can have been kept in it before. */
  public boolean isNew() {
    return url.isNewFile();
  }

  /** Whether it can be used now. */
  public synchronized boolean isOpen() {
    return pool != null;
  }

  /**
   * The open database.
   *
   * @throws GatewayException.Unavailable if it is not open, saying why
   */
  public synchronized DataSource dataSource() {
    if (pool != null) return pool;
    var why = failure == null ? "The database is being opened." : failure.message();
    throw new GatewayException.Unavailable(why, failure == null ? 1 : RETRY_SECONDS);
  }

  /** Whether it could not be opened, or all its connections are lost. */
  public synchronized boolean isAway() {
    if (pool == null) return failure != null;
    return pool.getHikariPoolMXBean().getTotalConnections() == 0;
  }

  private void attempt(Duration pause) {
    try {
      var refused = OpenFailure.before(url);
      if (refused == null) opened(Pool.open(url));
      else failed(refused, pause);
    } catch (IOException | RuntimeException e) {
      LOG.debug("The database {} was not opened", url, e);
      failed(OpenFailure.of(url, e), pause);
    }
  }

  private void opened(HikariDataSource opened) {
    try {
      Schema.update(opened);
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
    List<Consumer<DataSource>> actions;
    synchronized (this) {
      if (failure != null) LOG.info("The database {} can be used now", url);
      failure = null;
      pool = opened;
      actions = List.copyOf(waiting);
      waiting.clear();
    }
    actions.forEach(action -> run(action, opened));
  }

  private synchronized void failed(OpenFailure why, Duration pause) {
    if (closed) return;
    boolean news = failure == null || !failure.message().equals(why.message());
    failure = why;
    if (news) LOG.error("{} Models are served, but nothing is kept.", why.message());
    if (!why.passing()) return;
    var longer = pause.multipliedBy(2);
    var next = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
    thread.schedule(() -> attempt(next), pause.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void run(Consumer<DataSource> action, DataSource source) {
    try {
      action.accept(source);
    } catch (RuntimeException e) {
      LOG.error("A task on the database failed", e);
    }
  }

  private static Thread thread(Runnable task) {
    var thread = new Thread(task, "database");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Finishes what is being written, for a bounded time, and closes it. A server that was not
   * reached yet is not waited for: it may take all of its time limit.
   */
  @Override
  public void close() {
    boolean away;
    synchronized (this) {
      closed = true;
      away = pool == null && url.file() == null;
    }
    thread.shutdown();
    try {
      if (!thread.awaitTermination(away ? 500 : 5000, TimeUnit.MILLISECONDS)) thread.shutdownNow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      if (pool != null) pool.close();
    }
  }
}

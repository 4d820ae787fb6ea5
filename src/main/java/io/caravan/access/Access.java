package io.caravan.access;

import io.caravan.access.Client.Limits;
import io.caravan.access.Client.Scope;
import io.caravan.settings.Configuration;
import io.caravan.store.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may use Caravan: on the loopback interface everyone on this machine, unless keys are wanted;
 * on any other only who shows one.
 */
public final class Access implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Access.class);
  private static final int REFRESH_SECONDS = 5;
  private static final int DECENT_CHARS = 16;
  private static final int PATIENCE_SECONDS = 10;

  private final Configuration configuration;
  private final Database database;
  private final boolean required;
  private final Origins origins;
  private final Keys keys;
  private final KeyCheck check;
  private final Throttle throttle;
  private final Audit audit;
  private final Clock clock;
  private final String adminToken;
  private final CountDownLatch known = new CountDownLatch(1);
  private ScheduledExecutorService refresher;

  private Access(Configuration configuration, Database database, boolean loopback, Clock clock) {
    this.configuration = configuration;
    this.database = database;
    this.clock = clock;
    required = !loopback || configuration.flag("caravan.access.required", false);
    origins = Origins.of(configuration, loopback, required);
    adminToken = configuration.get("caravan.access.admin-token");
    keys = new Keys(database::dataSource, clock);
    var failures = new FailedAttempts(number("max-failed-attempts", 10));
    check = new KeyCheck(keys, adminToken, failures, clock, System::nanoTime);
    throttle = new Throttle(number("max-concurrent-calls", 256), System::nanoTime);
    var kept = Duration.ofDays(number("audit-keep-days", 365));
    audit = new Audit(database::dataSource, kept, clock);
  }

  /**
   * As the settings say.
   *
   * @throws IOException if the address to listen on is none
   */
  public static Access of(Configuration configuration, Database database, Clock clock)
      throws IOException {
    var host = configuration.get("caravan.server.host", "127.0.0.1");
    boolean loopback = InetAddress.getByName(host).isLoopbackAddress();
    return new Access(configuration, database, loopback, clock);
  }

  /** Whether callers must show a key. */
  public boolean isRequired() {
    return required;
  }

  public Origins origins() {
    return origins;
  }

  /** Tells whose key a call shows. */
  public KeyCheck check() {
    return check;
  }

  public Throttle throttle() {
    return throttle;
  }

  public Audit audit() {
    return audit;
  }

  /** {@code /api/keys}. */
  public KeysApi keysApi() {
    return new KeysApi(keys, adminToken != null, clock);
  }

  /**
   * Opens the database and reads the keys if they are wanted, and waits for it, for a bounded time,
   * since nobody would get in before; where there is no admin yet one is made.
   *
   * @param announce takes the new admin's token, which nobody sees again
   */
  public void start(Consumer<String> announce) {
    if (!required) return;
    if (adminToken != null && adminToken.length() < DECENT_CHARS) {
      LOG.warn(
          "caravan.access.admin-token is short enough to be guessed; use 16 characters or more");
    }
    refresher = Executors.newSingleThreadScheduledExecutor(Access::thread);
    var admin = new AtomicBoolean(adminToken != null);
    database.whenOpen(
        source ->
            refresher.scheduleWithFixedDelay(
                () -> look(admin, announce), 0, REFRESH_SECONDS, TimeUnit.SECONDS));
    database.open();
    await();
  }

  private void await() {
    try {
      if (known.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) return;
      LOG.error("The keys of clients cannot be read yet; until then nobody gets in");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Another node may have changed keys; those that are known stay while the database is away. */
  private void look(AtomicBoolean admin, Consumer<String> announce) {
    try {
      keys.refresh();
      if (!admin.getAndSet(true)) announceAdmin(announce);
      known.countDown();
    } catch (RuntimeException e) {
      LOG.debug("The keys were not read", e);
    }
  }

  private void announceAdmin(Consumer<String> announce) {
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

  private int number(String name, int otherwise) {
    return (int) configuration.number("caravan.access." + name, otherwise);
  }

  @Override
  public void close() {
    if (refresher != null) refresher.shutdownNow();
    audit.close();
  }
}

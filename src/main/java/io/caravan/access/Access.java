package io.caravan.access;

import io.caravan.settings.Configuration;
import io.caravan.store.Database;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may use Caravan: on the loopback interface everyone on this machine, unless keys are wanted;
 * on any other only who shows one.
 */
public final class Access implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Access.class);
  private static final int DECENT_CHARS = 16;

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
  private FreshKeys freshness;

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

  /** {@code /api/audit}. */
  public AuditApi auditApi() {
    return new AuditApi(database::dataSource);
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
    freshness = new FreshKeys(keys, clock, announce);
    freshness.keep(database, adminToken != null);
  }

  private int number(String name, int otherwise) {
    return (int) configuration.number("caravan.access." + name, otherwise);
  }

  @Override
  public void close() {
    if (freshness != null) freshness.close();
    audit.close();
  }
}

package io.caravan.live;

import io.caravan.errors.GatewayException;
import io.caravan.store.Database;
import io.caravan.store.Vault;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that the API has made, in the database and in force. With several nodes on one
 * database each looks every now and then at what the others have changed. Methods may block.
 */
public final class StoredServices {

  private static final Logger LOG = LoggerFactory.getLogger(StoredServices.class);
  private static final String KEY = "api-key";

  private final LiveConfiguration live;
  private final Database database;
  private final Vault vault;
  private final Clock clock;
  private final Duration interval;
  private volatile Map<String, StoredService> rows = Map.of();
  private volatile Map<String, String> locked = Map.of();
  private Instant looked = Instant.EPOCH;

  /**
   * @param interval how often to look at what other nodes have changed; null if there are none
   */
  public StoredServices(
      LiveConfiguration live, Database database, Vault vault, Clock clock, Duration interval) {
    this.live = live;
    this.database = database;
    this.vault = vault;
    this.clock = clock;
    this.interval = interval;
  }

  /** Has them read as soon as the database is open. */
  public void start() {
    database.whenOpen(this::read);
  }

  /** To be called every now and then. */
  public void look() {
    if (interval == null || !database.isOpen()) return;
    if (clock.instant().isBefore(looked.plus(interval))) return;
    read(database.dataSource());
  }

  private synchronized void read(DataSource source) {
    looked = clock.instant();
    try {
      var stored = new StoredServiceTable(source).load();
      var others = new ImportedSettingTable(source).load();
      boolean same = stored.equals(rows) && others.equals(live.layers().others());
      if (same && locked.isEmpty()) return;
      rows = stored;
      var opened = opened(stored);
      live.change(new Layers(live.layers().users(), opened, others), (name, why) -> false, () -> {});
    } catch (SQLException | IllegalArgumentException e) {
      LOG.error("The services that are stored cannot be used: {}", e.getMessage());
    }
  }

  private Map<String, Map<String, String>> opened(Map<String, StoredService> stored) {
    var services = new LinkedHashMap<String, Map<String, String>>();
    var closed = new TreeMap<String, String>();
    stored.forEach(
        (name, service) -> {
          try {
            services.put(name, withKey(service.settings(), key(service)));
          } catch (GatewayException e) {
            boolean news = !e.getMessage().equals(locked.get(name));
            if (news) LOG.error("The service '{}' is left out: {}", name, e.getMessage());
            closed.put(name, e.getMessage());
          }
        });
    locked = Map.copyOf(closed);
    return services;
  }

  /** The services by name, as they are stored. */
  Map<String, StoredService> all() {
    return rows;
  }

  /** Why the keys of some cannot be opened, by the services' names. */
  Map<String, String> locked() {
    return locked;
  }

  /**
   * The key of one, null if it has none.
   *
   * @throws GatewayException.Conflict if it cannot be opened
   */
  String key(StoredService service) {
    var sealed = service.sealedKey();
    return sealed == null ? null : vault.open(sealed, StoredService.context(service.name()));
  }

  /**
   * Stores a service and makes it count.
   *
   * @param key null for none
   * @param before the version that it replaces, 0 for none
   * @throws GatewayException.Conflict {@code version_conflict} if somebody else was faster
   * @throws IllegalArgumentException saying what is wrong with the settings
   */
  synchronized void save(String name, Map<String, String> settings, String key, long before) {
    var source = database.dataSource();
    var sealed = key == null ? null : vault.seal(key, StoredService.context(name));
    var next = new StoredService(name, settings, sealed, before + 1);
    live.change(
        live.layers().with(name, withKey(settings, key)),
        (service, problem) -> isFatal(name, service, problem),
        () -> {
          if (!sql(() -> new StoredServiceTable(source).replace(next, before, clock.instant())))
            throw changed(name);
        });
    note(name, next);
  }

  /** Removes one in that version. */
  synchronized void remove(String name, long version) {
    var source = database.dataSource();
    live.change(
        live.layers().with(name, null),
        (service, problem) -> !service.equals(name) && isFatal(name, service, problem),
        () -> {
          if (!sql(() -> new StoredServiceTable(source).delete(name, version))) throw changed(name);
        });
    note(name, null);
  }

  /** Makes other settings count beside those of services. */
  synchronized void others(Map<String, String> settings) {
    var source = database.dataSource();
    var now = live.layers();
    live.change(
        new Layers(now.users(), now.services(), Map.copyOf(settings)),
        live::isNew,
        () ->
            sql(
                () -> {
                  new ImportedSettingTable(source).replace(settings);
                  return true;
                }));
  }

  private boolean isFatal(String name, String service, String problem) {
    return service.equals(name) || live.isNew(service, problem);
  }

  private void note(String name, StoredService now) {
    var changed = new TreeMap<>(rows);
    if (now == null) changed.remove(name);
    else changed.put(name, now);
    rows = Map.copyOf(changed);
    var closed = new HashMap<>(locked);
    closed.remove(name);
    locked = Map.copyOf(closed);
  }

  private static Map<String, String> withKey(Map<String, String> settings, String key) {
    if (key == null) return settings;
    var all = new LinkedHashMap<>(settings);
    all.put(KEY, key);
    return all;
  }

  private GatewayException.Conflict changed(String name) {
    looked = Instant.EPOCH;
    return new GatewayException.Conflict(
        "The service `" + name + "` was changed by somebody else just now. Read it again first.",
        "version_conflict");
  }

  /** A statement on the database. */
  private interface Statement {
    boolean run() throws SQLException;
  }

  private static boolean sql(Statement statement) {
    try {
      return statement.run();
    } catch (SQLException e) {
      LOG.error("The database failed", e);
      throw new GatewayException.Unavailable("The database failed; nothing was changed.", 10);
    }
  }
}

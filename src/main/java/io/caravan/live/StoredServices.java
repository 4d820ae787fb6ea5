package io.caravan.live;

import io.caravan.errors.GatewayException;
import io.caravan.store.Database;
import io.caravan.store.Durable;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services that the API has made, in the database and in force. With several nodes on one
 * database each looks every now and then at what the others have changed. Methods may block.
 */
public final class StoredServices {

  private static final Logger LOG = LoggerFactory.getLogger(StoredServices.class);

  /** How often to look whether the master key was put right, while some are locked for it. */
  private static final Duration AGAIN = Duration.ofSeconds(3);

  private final LiveConfiguration live;
  private final Database database;
  private final StoredKeys keys;
  private final Clock clock;
  private final Duration interval;
  private final FirstRead known;
  private final StoredSettings settings;
  private final StoredRows rows;
  private boolean isOutOfForce;
  private Instant looked = Instant.EPOCH;

  /**
   * @param interval how often to look at what other nodes have changed; null if there are none
   */
  public StoredServices(
      LiveConfiguration live, Database database, StoredKeys keys, Clock clock, Duration interval) {
    this.live = live;
    this.database = database;
    this.keys = keys;
    this.clock = clock;
    this.interval = interval;
    known = new FirstRead(database);
    settings = new StoredSettings(live);
    rows = new StoredRows(live);
  }

  /** Has them read as soon as the database is open; nobody waits for that for ever. */
  public void start() {
    database.whenOpen(this::read);
    CompletableFuture.delayedExecutor(2 * FirstRead.PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(live.parts().catalog().rounds()::complete);
  }

  /** To be called every now and then. */
  public void look() {
    boolean hopes = rows.lackKeys();
    var pause = interval == null || hopes && AGAIN.compareTo(interval) < 0 ? AGAIN : interval;
    if (interval == null && !hopes || !database.isOpen()) return;
    if (clock.instant().isBefore(looked.plus(pause))) return;
    read(database.dataSource());
  }

  private synchronized void read(DataSource source) {
    looked = clock.instant();
    try {
      var stored = new StoredServiceTable(source).load();
      var others = settings.read(source);
      var opened = keys.open(stored);
      boolean same = rows.are(stored, opened.locked()) && others.equals(live.layers().others());
      if (same && !isOutOfForce) return;
      rows.become(stored, opened.locked());
      var users = live.layers().users();
      live.change(new Layers(users, opened.services(), others), (name, why) -> false, () -> {});
      isOutOfForce = false;
    } catch (SQLException | IllegalArgumentException e) {
      isOutOfForce = true;
      LOG.error("The services that are stored cannot be used: {}", e.getMessage());
    } finally {
      rows.tell();
      known.done();
      live.tellOfAliases();
      live.parts().catalog().rounds().complete();
    }
  }

  /**
   * Waits, for a bounded time, until what is stored is known.
   *
   * @throws GatewayException.Unavailable if the database cannot be opened
   */
  void ready() {
    known.await();
  }

  /** The services by name, as they are stored. */
  Map<String, StoredService> all() {
    return rows.all();
  }

  /** Why some cannot be used, by the services' names: a row, a key or a setting is damaged. */
  Map<String, String> locked() {
    return rows.locked();
  }

  /** Whether a service lacks only its key, which the master key would open. */
  boolean lacksKey(String name) {
    return rows.lacksKey(name);
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
    var next = new StoredService(name, settings, keys.seal(name, key), before + 1);
    live.change(
        live.layers().with(name, StoredKeys.with(settings, key)),
        (service, problem) -> isFatal(name, service, problem),
        () -> {
          if (!Statement.run(
              () -> new StoredServiceTable(source).replace(next, before, clock.instant())))
            throw changed(name);
        });
    Durable.sync(source);
    rows.note(name, next);
  }

  /** Removes one in that version. */
  synchronized void remove(String name, long version) {
    var source = database.dataSource();
    live.change(
        live.layers().with(name, null),
        (service, problem) -> !service.equals(name) && isFatal(name, service, problem),
        () -> {
          if (!Statement.run(() -> new StoredServiceTable(source).delete(name, version)))
            throw changed(name);
        });
    Durable.sync(source);
    rows.note(name, null);
  }

  /**
   * Makes other settings count beside those of services.
   *
   * @param removed names of some that are not among them any more
   */
  synchronized void others(Map<String, String> next, Set<String> removed) {
    var source = database.dataSource();
    var now = live.layers();
    live.change(
        new Layers(now.users(), now.services(), Map.copyOf(next)),
        live::isNew,
        () ->
            Statement.run(
                () -> {
                  settings.write(source, next, removed);
                  return true;
                }));
    Durable.sync(source);
    if (isOutOfForce) read(source);
  }

  /** Whether a setting beside those of services is stored although it is of no use. */
  boolean isLeftOut(String key) {
    return settings.isLeftOut(key);
  }

  private boolean isFatal(String name, String service, String problem) {
    return service.equals(name) || live.isInUse(service) && live.isNew(service, problem);
  }

  private GatewayException.Conflict changed(String name) {
    looked = Instant.EPOCH;
    return new GatewayException.Conflict(
        "The service `" + name + "` was changed by somebody else just now. Read it again first.",
        "version_conflict");
  }
}

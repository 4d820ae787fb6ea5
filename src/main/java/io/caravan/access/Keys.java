package io.caravan.access;

import io.caravan.errors.GatewayException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of clients: kept in the database, checked in memory. Changes block; looking one up never
 * does.
 */
final class Keys {

  private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
  private static final int MOST = 10_000;

  private final Supplier<DataSource> source;
  private final Clock clock;
  private final Set<String> reported = ConcurrentHashMap.newKeySet();
  private volatile Map<String, ApiKey> byId;

  Keys(Supplier<DataSource> source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /** A key with the text that its client needs, which nobody learns again. */
  record Made(ApiKey key, String text) {}

  /** Whether they have been read; until then nobody can be told from anybody else. */
  boolean areKnown() {
    return byId != null;
  }

  /** The key of that id, null if there is none. */
  ApiKey get(String id) {
    var present = byId;
    return present == null || id == null ? null : present.get(id);
  }

  Collection<ApiKey> all() {
    refresh();
    return byId.values();
  }

  /** The ids of keys whose rows make no sense, as they were read last; they open nothing. */
  Set<String> damaged() {
    return Set.copyOf(reported);
  }

  /** Reads them anew: another node may have changed some. */
  synchronized void refresh() {
    try {
      byId = table().all();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /**
   * Makes a key.
   *
   * @param draft all of it but its id, hash and mask
   */
  synchronized Made create(ApiKey draft) {
    refresh();
    if (byId.size() >= MOST) {
      throw new GatewayException.Conflict("There are too many keys: delete some.", "too_many_keys");
    }
    var id = ApiKey.freshId();
    var text = ApiKey.freshText(id);
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var key = draft.issued(id, text, now);
    try {
      table().insert(key);
    } catch (SQLException e) {
      throw failed(e);
    }
    refresh();
    return new Made(key, text);
  }

  /** Changes a key as it is now in the database; of two changes at once neither is lost. */
  synchronized ApiKey change(String id, UnaryOperator<ApiKey> change) {
    for (int attempt = 0; attempt < 5; attempt++) {
      refresh();
      var before = known(id);
      var after = change.apply(before);
      try {
        if (!table().update(after, before.updatedAt())) continue;
      } catch (SQLException e) {
        throw failed(e);
      }
      refresh();
      return after;
    }
    throw new GatewayException.Conflict("The key is being changed by others.", "key_changed");
  }

  synchronized void delete(String id) {
    try {
      if (!table().delete(id)) throw unknown(id);
    } catch (SQLException e) {
      throw failed(e);
    }
    refresh();
  }

  ApiKey known(String id) {
    var key = get(id);
    if (key == null) throw unknown(id);
    return key;
  }

  private KeyTable table() {
    return new KeyTable(source.get(), reported);
  }

  private static GatewayException unknown(String id) {
    var shown = id.length() > 40 ? id.substring(0, 40) + "…" : id;
    return new GatewayException.NotFound(
        "There is no key with the id '" + shown + "'. GET /api/keys lists them.", "key_not_found");
  }

  private static GatewayException failed(SQLException cause) {
    LOG.error("The keys cannot be read or written", cause);
    return new GatewayException.Unavailable("The database of the keys cannot be used now.", 10);
  }
}

package io.caravan.live;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stored services as this node knows them, and why some of them are left out. */
final class StoredRows {

  private static final Logger LOG = LoggerFactory.getLogger(StoredRows.class);

  private static final String NONSENSE = "%s; DELETE /llm/services/%s removes it";

  private final LiveConfiguration live;
  private volatile Map<String, StoredService> rows = Map.of();
  private volatile Map<String, String> shut = Map.of();
  private Map<String, String> told = Map.of();

  StoredRows(LiveConfiguration live) {
    this.live = live;
  }

  /**
   * @param locked why the keys of some cannot be opened
   */
  void become(Map<String, StoredService> stored, Map<String, String> locked) {
    rows = stored;
    shut = Map.copyOf(locked);
  }

  /** One was written, or removed if it is null. */
  void note(String name, StoredService now) {
    var changed = new TreeMap<>(rows);
    if (now == null) changed.remove(name);
    else changed.put(name, now);
    var closed = new HashMap<>(shut);
    closed.remove(name);
    become(Map.copyOf(changed), closed);
  }

  Map<String, StoredService> all() {
    return rows;
  }

  /** Whether these are known already, with the same of them locked. */
  boolean are(Map<String, StoredService> stored, Map<String, String> locked) {
    return stored.equals(rows) && locked.equals(shut);
  }

  /** Why some cannot be used, by the services' names: a row, a key or a setting is damaged. */
  Map<String, String> locked() {
    var all = new TreeMap<String, String>();
    live.problems()
        .forEach(
            (name, why) -> {
              if (rows.containsKey(name) && !live.layers().isUsers(name))
                all.put(name, NONSENSE.formatted(why, name));
            });
    all.putAll(shut);
    return all;
  }

  /** Whether a service lacks only its key, which the master key would open. */
  boolean lacksKey(String name) {
    var row = rows.get(name);
    return row != null && !row.isDamaged() && shut.containsKey(name);
  }

  /** Whether the right master key would open some. */
  boolean lackKeys() {
    return shut.keySet().stream().anyMatch(this::lacksKey);
  }

  /** Logs what is left out, once for each reason. */
  void tell() {
    var now = locked();
    now.forEach(
        (name, why) -> {
          if (!why.equals(told.get(name))) LOG.error("The service '{}' is left out: {}", name, why);
        });
    told = now;
  }
}

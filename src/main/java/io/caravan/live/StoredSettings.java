package io.caravan.live;

import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The settings beside services that an import has stored. Methods may block. */
final class StoredSettings {

  private static final Logger LOG = LoggerFactory.getLogger(StoredSettings.class);

  private final LiveConfiguration live;
  private Map<String, String> damaged = Map.of();

  StoredSettings(LiveConfiguration live) {
    this.live = live;
  }

  /** Those that make sense; of one that does not, only itself is left out. */
  synchronized Map<String, String> read(DataSource source) throws SQLException {
    var rows = new ImportedSettingTable(source).load();
    var usable = new TreeMap<String, String>();
    var others = new TreeMap<String, String>();
    if (problem(rows) == null) usable.putAll(rows);
    else
      rows.forEach(
          (key, value) -> {
            usable.put(key, value);
            var problem = problem(usable);
            if (problem == null) return;
            usable.remove(key);
            others.put(key, value);
            tell(key, value, problem);
          });
    damaged = Map.copyOf(others);
    return usable;
  }

  private String problem(Map<String, String> settings) {
    try {
      live.check(new Layers(live.layers().users(), Map.of(), settings));
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  private void tell(String key, String value, String problem) {
    if (value.equals(damaged.get(key))) return;
    LOG.error(
        "The stored setting {} is left out: {}. POST /api/config/import {} removes it",
        key,
        problem,
        ConfigImport.removing(key));
  }

  /**
   * Makes the rows be these settings, and those that were left out.
   *
   * @param removed names of settings that go, also if they were left out
   */
  synchronized void write(DataSource source, Map<String, String> settings, Set<String> removed)
      throws SQLException {
    var kept = new TreeMap<>(damaged);
    kept.keySet().removeAll(removed);
    kept.keySet().removeAll(settings.keySet());
    var rows = new TreeMap<>(settings);
    rows.putAll(kept);
    new ImportedSettingTable(source).replace(rows);
    damaged = Map.copyOf(kept);
  }

  /** Whether a setting is stored although it is of no use. */
  synchronized boolean isLeftOut(String key) {
    return damaged.containsKey(key);
  }
}

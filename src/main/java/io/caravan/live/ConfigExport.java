package io.caravan.live;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.ServiceSettings;
import io.caravan.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The whole configuration as one file: {@code GET /api/config/export}. Secrets are in it by
 * reference only.
 */
public final class ConfigExport {

  static final String FORMAT = "caravan-config/1";
  private static final String KEY = "api-key";
  private static final String SECRET = ".*[.-](api-key|password|secret|token)";

  private final LiveConfiguration live;
  private final StoredServices stored;

  public ConfigExport(LiveConfiguration live, StoredServices stored) {
    this.live = live;
    this.stored = stored;
  }

  /** What is set beyond the defaults of the jar. */
  public byte[] export() {
    var all = Json.object().put("format", FORMAT);
    var settings = all.putObject("settings");
    var byService = new TreeMap<String, Map<String, String>>();
    var set = new TreeMap<>(live.layers().others());
    live.layers().users().overrides().forEach(set::put);
    set.forEach(
        (key, value) -> {
          var setting = ServiceSettings.PREFIX.length();
          int dot = key.startsWith(ServiceSettings.PREFIX) ? key.indexOf('.', setting) : -1;
          if (dot > 0) {
            byService
                .computeIfAbsent(key.substring(setting, dot), any -> new TreeMap<>())
                .put(key.substring(dot + 1), value);
          } else if (key.startsWith("caravan.") && !value.isBlank()) {
            settings.put(key, key.matches(SECRET) ? "${" + key + "}" : value.strip());
          }
        });
    stored.all().forEach((name, row) -> byService.putIfAbsent(name, withKey(row)));
    var list = all.putArray("services");
    byService.forEach((name, its) -> service(list.addObject(), name, its));
    return Json.bytes(all);
  }

  private static Map<String, String> withKey(StoredService row) {
    var settings = new LinkedHashMap<>(row.settings());
    if (row.sealedKey() != null) settings.put(KEY, "");
    return settings;
  }

  private void service(ObjectNode to, String name, Map<String, String> settings) {
    to.put("name", name).put("origin", live.layers().isUsers(name) ? "file" : "api");
    settings.forEach(
        (setting, value) -> {
          if (!setting.equals(KEY)) Origins.put(to, setting, value);
          else to.put("api_key", "${" + ServiceSettings.PREFIX + name + "." + KEY + "}");
        });
  }
}

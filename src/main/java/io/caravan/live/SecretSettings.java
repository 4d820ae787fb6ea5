package io.caravan.live;

import io.caravan.settings.Masked;
import java.util.Map;

/** Settings that hold secrets, known by their names, and how they are shown. */
final class SecretSettings {

  private static final String SECRET = "(?:.*[.-])?(api-key|access-key|password|secret|token)";

  private SecretSettings() {}

  static boolean holds(String setting) {
    return setting.matches(SECRET);
  }

  /** The value, or a reference to it if it is a secret; no password of a database's URL. */
  static String referred(String key, String value) {
    if (holds(key)) return "${" + key + "}";
    return value
        .strip()
        .replaceFirst("//[^/@?;]*@", "//")
        .replaceAll("(?i)([?&;]password=)[^&;]*", "$1…");
  }

  /**
   * Puts what is wanted over what there is; a mask of a secret, or a reference to it, changes
   * nothing, and null takes a setting away.
   */
  static void merge(Map<String, String> wanted, Map<String, String> into) {
    wanted.forEach(
        (setting, value) -> {
          boolean same =
              value != null
                  && holds(setting)
                  && (value.startsWith("${") || Masked.isMask(value, into.get(setting)));
          if (value == null) into.remove(setting);
          else if (!same) into.put(setting, value);
        });
  }
}

package io.caravan.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Every setting by its key. From strongest to weakest: the command line, system properties,
 * environment variables, {@code caravan.properties}, and {@code application.properties} in the jar.
 * Keys keep the order in which they are written, the user's before the jar's.
 */
public final class Configuration {

  private final Map<String, String> defaults;
  private final Map<String, String> overrides;

  private Configuration(Map<String, String> defaults, Map<String, String> overrides) {
    this.defaults = defaults;
    this.overrides = overrides;
  }

  /**
   * Reads all sources.
   *
   * @param file the user's file, null if there is none
   * @param environment variables such as {@code CARAVAN_SERVER_PORT} for {@code
   *     caravan.server.port}
   * @param strongest settings of the command line
   * @throws IOException if the file cannot be read
   */
  public static Configuration load(
      Path file, Map<String, String> environment, Map<String, String> strongest)
      throws IOException {
    var defaults = new LinkedHashMap<String, String>();
    try (InputStream in = Configuration.class.getResourceAsStream("/application.properties")) {
      OrderedProperties.read(new InputStreamReader(in, StandardCharsets.UTF_8), defaults);
    }
    var overrides = new LinkedHashMap<String, String>();
    if (file != null && Files.isDirectory(file)) throw new IOException(file + " is a folder");
    if (file != null) OrderedProperties.read(file, overrides);
    EnvironmentKeys.settings(environment, defaults.keySet(), overrides.keySet())
        .forEach(overrides::put);
    System.getProperties()
        .forEach(
            (key, value) -> {
              if (key.toString().startsWith("caravan.")) {
                overrides.put(key.toString(), value.toString());
              }
            });
    overrides.putAll(strongest);
    return new Configuration(defaults, overrides);
  }

  /** The value, or null if the key is not set or set to nothing. */
  public String get(String key) {
    var value = overrides.getOrDefault(key, defaults.get(key));
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** The value, or the given one if the key is not set. */
  public String get(String key, String otherwise) {
    var value = get(key);
    return value == null ? otherwise : value;
  }

  /**
   * The value as a number.
   *
   * @throws IllegalArgumentException naming the key, if the value is no number or below zero
   */
  public double number(String key, double otherwise) {
    var value = get(key);
    if (value == null) return otherwise;
    try {
      double number = Double.parseDouble(value);
      if (number >= 0) return number;
    } catch (NumberFormatException e) {
      // said below, with the key
    }
    throw new IllegalArgumentException(key + " must be a number of 0 or more, but is " + value);
  }

  /** The value as yes or no: true, yes and on, or false, no and off. */
  public boolean flag(String key, boolean otherwise) {
    var value = get(key);
    if (value == null) return otherwise;
    return switch (value.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default ->
          throw new IllegalArgumentException(key + " must be true or false, but is " + value);
    };
  }

  /** All settings that stand under a prefix, without it; the user's first, each in its order. */
  public Map<String, String> under(String prefix) {
    var found = new LinkedHashMap<String, String>();
    overrides.forEach((key, value) -> put(found, prefix, key, value));
    defaults.forEach((key, value) -> put(found, prefix, key, value));
    return found;
  }

  /**
   * This configuration over others, which are weaker than the user's and stronger than the jar's.
   */
  public Configuration over(Map<String, String> weaker) {
    var presets = new LinkedHashMap<>(weaker);
    defaults.forEach(presets::putIfAbsent);
    return new Configuration(presets, overrides);
  }

  /** Whether the user's file, an environment variable or an option sets a key that begins so. */
  public boolean isUsers(String prefix) {
    return overrides.keySet().stream().anyMatch(key -> key.startsWith(prefix));
  }

  /** Whether any source sets a key that begins so. */
  public boolean has(String prefix) {
    return isUsers(prefix) || defaults.keySet().stream().anyMatch(key -> key.startsWith(prefix));
  }

  /** The keys whose value is not the same in another configuration, sorted. */
  public List<String> differing(Configuration other) {
    return Stream.of(this, other)
        .flatMap(
            each ->
                Stream.concat(each.overrides.keySet().stream(), each.defaults.keySet().stream()))
        .distinct()
        .filter(key -> !Objects.equals(get(key), other.get(key)))
        .sorted()
        .toList();
  }

  /** This configuration with one more setting, the strongest of all. */
  Configuration with(String key, String value) {
    var more = new LinkedHashMap<>(overrides);
    more.put(key, value);
    return new Configuration(defaults, more);
  }

  /** Settings of the user's that nothing reads, most likely misspelt. */
  public List<String> unknown() {
    return overrides.keySet().stream()
        .filter(key -> key.startsWith("caravan.") && !defaults.containsKey(key))
        .filter(key -> !key.matches("caravan\\.(service|model|local\\.model)\\..*"))
        .sorted()
        .toList();
  }

  /** What differs from the jar's own settings, for Camel. */
  public Map<String, String> overrides() {
    return Map.copyOf(overrides);
  }

  private static void put(Map<String, String> found, String prefix, String key, String value) {
    if (key.startsWith(prefix)) found.putIfAbsent(key.substring(prefix.length()), value.strip());
  }
}

package io.caravan.catalog;

import io.caravan.settings.Configuration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Reads what a provider's Kamelet file says of the provider. Files in the user's folders come
 * before those in the jar, as they do for Camel.
 */
public final class Providers {

  private final List<Path> folders;

  /**
   * @param folders where users put Kamelet files of their own, strongest first; may be absent
   */
  public Providers(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /**
   * Reads a provider.
   *
   * @throws IllegalArgumentException saying what is wrong, if there is no such file or it is no
   *     Kamelet
   */
  public Provider read(String name) {
    if (!name.matches("[a-z0-9][a-z0-9-]*")) {
      throw new IllegalArgumentException("'" + name + "' is not a provider's name");
    }
    var file = name + "-sink.kamelet.yaml";
    var droppedIn = droppedIn(file);
    try (InputStream in = open(droppedIn, file)) {
      if (in == null) throw new IllegalArgumentException("there is no " + file);
      var yaml = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
      return provider(name, (Map<?, ?>) yaml, droppedIn == null);
    } catch (IOException | RuntimeException e) {
      if (e instanceof IllegalArgumentException known) throw known;
      throw new IllegalArgumentException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The providers that the settings name for any service, one that is off as well. */
  public List<Provider> named(Configuration configuration) {
    return configuration.under("caravan.service.").entrySet().stream()
        .filter(setting -> setting.getKey().endsWith(".provider"))
        .map(Map.Entry::getValue)
        .distinct()
        .flatMap(this::readable)
        .toList();
  }

  /** All providers that there are: those in the jar and those that were dropped in, by name. */
  public List<Provider> all() {
    return KameletFiles.names(folders).stream().flatMap(this::readable).toList();
  }

  private Stream<Provider> readable(String name) {
    try {
      return Stream.of(read(name));
    } catch (IllegalArgumentException saidForItsService) {
      return Stream.empty();
    }
  }

  private Path droppedIn(String file) {
    for (var folder : folders) {
      var path = folder.resolve(file);
      if (Files.isRegularFile(path)) return path;
    }
    return null;
  }

  private static InputStream open(Path droppedIn, String file) throws IOException {
    if (droppedIn != null) return Files.newInputStream(droppedIn);
    return Providers.class.getResourceAsStream("/kamelets/" + file);
  }

  private static Provider provider(String name, Map<?, ?> kamelet, boolean shipped) {
    var annotations = map(map(kamelet, "metadata"), "annotations");
    var definition = map(map(kamelet, "spec"), "definition");
    var properties = map(definition, "properties");
    var defaults = new LinkedHashMap<String, String>();
    properties.forEach(
        (key, value) -> {
          Object preset = value instanceof Map<?, ?> property ? property.get("default") : null;
          if (preset != null) defaults.put(key.toString(), preset.toString());
        });
    return new Provider(
        name,
        text(definition, "title", name),
        defaults.get("baseUrl"),
        properties.containsKey("baseUrl"),
        text(annotations, "caravan/key", "optional").equals("required"),
        text(annotations, "caravan/key-variable", null),
        names(annotations, "caravan/accepts"),
        names(annotations, "caravan/drops"),
        names(annotations, "caravan/refuses"),
        Capability.of(names(annotations, "caravan/capabilities")),
        names(annotations, "caravan/capabilities").contains(Capability.PREFILL),
        names(annotations, "caravan/resumes"),
        new Provider.Listing(
            names(annotations, "caravan/details"),
            text(annotations, "caravan/model-state", "unknown"),
            Fingerprint.of(text(annotations, "caravan/fingerprint", ""))),
        Map.copyOf(defaults),
        shipped,
        names(annotations, "caravan/aliases"));
  }

  private static Map<?, ?> map(Map<?, ?> from, String key) {
    return from.get(key) instanceof Map<?, ?> inner ? inner : Map.of();
  }

  private static String text(Map<?, ?> from, String key, String otherwise) {
    return from.get(key) == null ? otherwise : from.get(key).toString();
  }

  private static Set<String> names(Map<?, ?> annotations, String key) {
    return Stream.of(text(annotations, key, "").split(","))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}

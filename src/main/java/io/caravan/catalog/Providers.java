package io.caravan.catalog;

import io.caravan.settings.Configuration;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The providers by name. Files in the user's folders come before those in the jar, as they do for
 * Camel. A provider is what its file said when it was read, until another version is accepted.
 */
public final class Providers {

  private final List<Path> folders;
  private final Map<String, Provider> known = new ConcurrentHashMap<>();
  private final Map<String, String> refused = new ConcurrentHashMap<>();
  private volatile boolean watched;

  /**
   * @param folders where users put Kamelet files of their own, strongest first; may be absent
   */
  public Providers(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /** Where users put Kamelet files of their own. */
  public List<Path> folders() {
    return folders;
  }

  /** From now on users' files count only when they were accepted. */
  public void watched() {
    known.values().removeIf(provider -> !provider.shipped());
    watched = true;
  }

  /** From now on this is the provider of its name. */
  public void accept(Provider provider) {
    refused.remove(provider.name());
    known.put(provider.name(), provider);
  }

  /** What the provider was stays; where there was none, this is why. */
  public void refuse(String name, String reason) {
    refused.put(name, reason);
  }

  /** The user's file is gone; the next one to ask gets what is in the jar. */
  public void forget(String name) {
    refused.remove(name);
    known.remove(name);
  }

  /** The version that counts now, or null if none was read yet. */
  public Provider now(String name) {
    return known.get(name);
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
    var provider = known.get(name);
    if (provider != null) return provider;
    if (refused.containsKey(name)) throw new IllegalArgumentException(refused.get(name));
    return known.computeIfAbsent(name, this::fromFile);
  }

  private Provider fromFile(String name) {
    var file = name + KameletFile.SUFFIX;
    var droppedIn = watched ? null : droppedIn(file);
    try (InputStream in = open(droppedIn, file)) {
      if (in == null) throw new IllegalArgumentException("there is no " + file);
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return KameletFile.of(name, text).provider(droppedIn == null, name + "-sink");
    } catch (IOException | RuntimeException e) {
      var reason = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new IllegalArgumentException(
          reason.contains(file) ? reason : file + " cannot be read: " + reason, e);
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
}

package io.caravan.catalog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Which Kamelet files there are, in the jar and in the users' folders. */
final class ProviderNames {

  private static final String SUFFIX = KameletFile.SUFFIX;
  private static final Collection<String> SHIPPED = shipped();

  private ProviderNames() {}

  /** The names of all providers, in the order of the alphabet. */
  static Collection<String> all(List<Path> folders) {
    var names = new TreeSet<>(SHIPPED);
    for (var folder : folders) if (Files.isDirectory(folder)) addNames(folder, names);
    return names;
  }

  private static Collection<String> shipped() {
    var names = new TreeSet<String>();
    var any = ProviderNames.class.getResource("/kamelets/openai-compatible" + SUFFIX);
    try {
      if (any.getProtocol().equals("jar")) {
        var jar = URI.create(any.toString().replaceFirst("!.*", "!/"));
        try (var files = FileSystems.newFileSystem(jar, Map.of())) {
          addNames(files.getPath("/kamelets"), names);
        }
      } else {
        addNames(Path.of(any.toURI()).getParent(), names);
      }
    } catch (IOException | URISyntaxException e) {
      throw new IllegalStateException("the Kamelets of the jar cannot be listed", e);
    }
    return names;
  }

  private static void addNames(Path folder, Collection<String> names) {
    try (var files = Files.list(folder)) {
      files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(SUFFIX))
          .forEach(file -> names.add(file.substring(0, file.length() - SUFFIX.length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

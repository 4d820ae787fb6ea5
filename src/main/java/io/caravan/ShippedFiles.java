package io.caravan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** What lies in Caravan's own jar, or in the folder of classes that it is made from. */
final class ShippedFiles {

  private ShippedFiles() {}

  /** All files under a folder by their names, such as {@code routes/api/models.camel.yaml}. */
  static Map<String, byte[]> under(String folder) {
    try {
      var home =
          Path.of(ShippedFiles.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return Files.isDirectory(home) ? inFolder(home, folder) : inJar(home, folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, byte[]> inJar(Path jar, String folder) throws IOException {
    var files = new HashMap<String, byte[]>();
    try (var opened = new JarFile(jar.toFile())) {
      for (var entry : (Iterable<JarEntry>) opened.stream()::iterator) {
        if (entry.isDirectory() || !entry.getName().startsWith(folder)) continue;
        try (var content = opened.getInputStream(entry)) {
          files.put(entry.getName(), content.readAllBytes());
        }
      }
    }
    return files;
  }

  private static Map<String, byte[]> inFolder(Path home, String folder) throws IOException {
    var files = new HashMap<String, byte[]>();
    try (var found = Files.walk(home.resolve(folder))) {
      for (var file : (Iterable<Path>) found.filter(Files::isRegularFile)::iterator) {
        files.put(home.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
      }
    }
    return files;
  }
}

package io.caravan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/** What lies in Caravan's own jar, or in the folder of classes that it is made from. */
final class ShippedFiles {

  private ShippedFiles() {}

  /**
   * The names of all files under a folder, such as {@code routes/api/models.camel.yaml}, sorted.
   */
  static List<String> under(String folder) {
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

  private static List<String> inJar(Path jar, String folder) throws IOException {
    try (var opened = new JarFile(jar.toFile())) {
      return opened.stream()
          .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(folder))
          .map(ZipEntry::getName)
          .sorted()
          .toList();
    }
  }

  private static List<String> inFolder(Path home, String folder) throws IOException {
    try (var files = Files.walk(home.resolve(folder))) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> home.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }
}

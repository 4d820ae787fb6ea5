package io.caravan.live;

import io.caravan.catalog.KameletFile;
import io.caravan.catalog.Providers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The users' folders with Kamelet files, and what has changed in them. */
final class KameletFolders {

  private final Providers providers;
  private final Map<String, WatchedFile> watched = new HashMap<>();
  private final Map<String, Path> paths = new HashMap<>();

  KameletFolders(Providers providers) {
    this.providers = providers;
  }

  /** The files by the providers' names, as they are now. */
  Map<String, Path> files() {
    var files = new LinkedHashMap<String, Path>();
    for (var folder : providers.folders()) {
      if (!Files.isDirectory(folder)) continue;
      try (var listed = Files.newDirectoryStream(folder, "*" + KameletFile.SUFFIX)) {
        for (var file : listed) {
          var name = file.getFileName().toString().replace(KameletFile.SUFFIX, "");
          if (Files.isRegularFile(file)) files.putIfAbsent(name, file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(folder + " cannot be read: " + e.getMessage(), e);
      }
    }
    return files;
  }

  /** These files count as seen. */
  void taken(Map<String, Path> files) {
    paths.putAll(files);
    files.forEach((name, file) -> watched.put(name, new WatchedFile(file)));
  }

  /** The providers whose file is new, changed or gone (then null) since the last look. */
  Map<String, Path> changed() {
    var now = files();
    paths.putAll(now);
    Set<String> names = new TreeSet<>(now.keySet());
    names.addAll(watched.keySet());
    var changed = new LinkedHashMap<String, Path>();
    for (var name : names) {
      var file = watched.computeIfAbsent(name, any -> WatchedFile.unseen());
      if (file.hasChanged(now.get(name))) changed.put(name, now.get(name));
    }
    return changed;
  }

  /** Where a provider's file is, or was. */
  Path path(String name) {
    return paths.get(name);
  }
}

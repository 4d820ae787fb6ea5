package io.caravan.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The GGUF files in some folders. A file is read again only when its size or time changes. */
final class ModelFolders {

  static final String SUFFIX = ".gguf";

  private final List<Path> folders;
  private Map<Path, Inspected> inspected = Map.of();

  ModelFolders(List<Path> folders) {
    this.folders = List.copyOf(folders);
  }

  /** What a look into a file brought, and the state of the file that it holds for. */
  private record Inspected(long size, FileTime modified, Gguf gguf, String refusal) {}

  /** The models now in the folders, none of them running as far as known here. */
  synchronized List<LocalModel> models() {
    var files = files();
    var names = ShortNames.of(files.keySet());
    var seen = new HashMap<Path, Inspected>();
    var models = new ArrayList<LocalModel>();
    files.forEach(
        (stem, file) -> {
          var found = inspect(file);
          if (found == null) return;
          seen.put(file, found);
          var state = found.refusal == null ? LocalModel.State.NOT_LOADED : LocalModel.State.ERROR;
          models.add(new LocalModel(names.get(stem), stem, file, found.gguf, state, found.refusal));
        });
    inspected = seen;
    return models;
  }

  /** Stem to file; where two folders hold the same file name, the first folder has it. */
  private Map<String, Path> files() {
    var files = new LinkedHashMap<String, Path>();
    for (var folder : folders) {
      for (var file : list(folder)) {
        var name = file.getFileName().toString();
        files.putIfAbsent(name.substring(0, name.length() - SUFFIX.length()), file);
      }
    }
    return files;
  }

  private static List<Path> list(Path folder) {
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().endsWith(SUFFIX))
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of(); // a folder that is not there, or not yet, holds no models
    }
  }

  /** Null if the file has gone since it was listed. */
  private Inspected inspect(Path file) {
    try {
      var now = Files.readAttributes(file, BasicFileAttributes.class);
      var known = inspected.get(file);
      if (known != null
          && known.size == now.size()
          && known.modified.equals(now.lastModifiedTime())) {
        return known;
      }
      return look(file, now);
    } catch (IOException e) {
      return null;
    }
  }

  private static Inspected look(Path file, BasicFileAttributes now) {
    try {
      return new Inspected(now.size(), now.lastModifiedTime(), Gguf.read(file), null);
    } catch (GgufException e) {
      return new Inspected(now.size(), now.lastModifiedTime(), null, e.getMessage());
    } catch (IOException e) {
      return new Inspected(now.size(), now.lastModifiedTime(), null, "the file cannot be read");
    }
  }
}

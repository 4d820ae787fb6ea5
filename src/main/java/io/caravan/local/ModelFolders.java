package io.caravan.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The GGUF files in some folders. A file is read again only when its size or time changes. */
final class ModelFolders {

  static final String SUFFIX = ".gguf";

  /** A truncated file that grew so lately is being copied, not damaged. */
  private static final Duration STILL_GROWING = Duration.ofSeconds(10);

  private final List<Path> folders;
  private final boolean followLinks;
  private final Clock clock;
  private Map<Path, Inspected> inspected = Map.of();

  /**
   * @param followLinks whether a link may lead to a file outside of its folder
   */
  ModelFolders(List<Path> folders, boolean followLinks, Clock clock) {
    this.folders = List.copyOf(folders);
    this.followLinks = followLinks;
    this.clock = clock;
  }

  /** What a look into a model's files brought, and the state of the files that it holds for. */
  private record Inspected(ModelFile.Stamp stamp, Gguf gguf, String refusal, boolean truncated) {}

  List<Path> folders() {
    return folders;
  }

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
          seen.put(file.first(), found);
          models.add(model(names.get(stem), file, found));
        });
    inspected = seen;
    return models;
  }

  private LocalModel model(String name, ModelFile file, Inspected found) {
    var state = LocalModel.State.NOT_LOADED;
    if (found.refusal != null) {
      boolean young = found.stamp.newest().toInstant().plus(STILL_GROWING).isAfter(clock.instant());
      state = found.truncated && young ? LocalModel.State.INCOMPLETE : LocalModel.State.ERROR;
    }
    return new LocalModel(
        name,
        file.stem(),
        file.first(),
        found.gguf,
        found.stamp.bytes(),
        state,
        found.refusal,
        found.gguf != null);
  }

  /** Stem to file; where two folders hold the same name, the first folder has it. */
  private Map<String, ModelFile> files() {
    var files = new LinkedHashMap<String, ModelFile>();
    for (var folder : folders) {
      for (var file : ModelFile.group(list(folder))) files.putIfAbsent(file.stem(), file);
    }
    return files;
  }

  private List<Path> list(Path folder) {
    try (var files = Files.list(folder)) {
      var real = folder.toRealPath();
      return files
          .filter(file -> isName(file.getFileName().toString()))
          .filter(Files::isRegularFile)
          .filter(file -> followLinks || isWithin(real, file))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of(); // a folder that is not there, or not yet, holds no models
    }
  }

  /** Names travel to logs and answers: one with control characters in it is not a model's. */
  private static boolean isName(String file) {
    return file.endsWith(SUFFIX)
        && file.length() > SUFFIX.length()
        && file.chars().noneMatch(Character::isISOControl);
  }

  private static boolean isWithin(Path folder, Path file) {
    try {
      return file.toRealPath().startsWith(folder);
    } catch (IOException e) {
      return false; // it has gone, or leads nowhere
    }
  }

  /** Null if a file has gone since it was listed. */
  private Inspected inspect(ModelFile file) {
    try {
      var now = file.stamp();
      var known = inspected.get(file.first());
      return known != null && known.stamp.equals(now) ? known : look(file, now);
    } catch (IOException e) {
      return null;
    }
  }

  private static Inspected look(ModelFile file, ModelFile.Stamp now) {
    try {
      return new Inspected(now, file.read(), null, false);
    } catch (GgufException e) {
      return new Inspected(now, null, e.getMessage(), e.isTruncated());
    } catch (IOException e) {
      return new Inspected(now, null, "the file cannot be read", false);
    }
  }
}

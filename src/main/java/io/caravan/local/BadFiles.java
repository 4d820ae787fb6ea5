package io.caravan.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Files that look sound, but whose processes ended or gave up while they loaded them. Such a file
 * is tried twice, for the machine may have been to blame, and then when it has changed. Guarded by
 * {@link Admission}.
 */
final class BadFiles {

  private static final int TRIES = 2;

  private final Map<Path, Failure> failures = new HashMap<>();

  private record Failure(long version, int times, String reason) {}

  void failed(LocalModel model, String reason) {
    var before = failures.get(model.path());
    long version = version(model);
    boolean again = before != null && before.version == version;
    failures.put(model.path(), new Failure(version, again ? before.times + 1 : 1, reason));
  }

  void loaded(Path model) {
    failures.remove(model);
  }

  /** Why a model is not tried again, null if it may be. */
  String refusal(LocalModel model) {
    var failure = failures.get(model.path());
    if (failure == null || failure.times < TRIES || failure.version != version(model)) return null;
    var reason = failure.reason.replaceFirst("^The model `.*?` could not be loaded: ", "");
    return reason.replaceFirst("\\.$", "") + "; it is tried again when the file has changed";
  }

  /** Changes with the file. */
  private static long version(LocalModel model) {
    return model.path().toFile().lastModified() ^ model.path().toFile().length();
  }
}

package io.caravan.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A model's path as native code can open it. The JNI hands text over in a form of UTF-8 of its own,
 * which is another one than the file system's for characters beyond the BMP, such as emoji.
 *
 * @see <a href="https://docs.oracle.com/en/java/javase/17/docs/specs/jni/types.html">Modified
 *     UTF-8</a>
 */
final class NativePath {

  /** llama.cpp finds the other parts of a split model by its first one's name. */
  private static final Pattern SPLIT = Pattern.compile("(.+)-00001-of-(\\d{5})\\.gguf");

  private NativePath() {}

  /** The path itself, or a link to it in a folder that goes with the worker. */
  static Path of(Path model, WorkerFolder folder) throws IOException {
    var path = model.toAbsolutePath();
    if (path.toString().codePoints().allMatch(Character::isBmpCodePoint)) return path;
    var split = SPLIT.matcher(path.getFileName().toString());
    if (!split.matches()) return link(folder, "model.gguf", path);
    for (int part = Integer.parseInt(split.group(2)); part > 1; part--) {
      var name = "-%05d-of-%s.gguf".formatted(part, split.group(2));
      link(folder, "model" + name, path.resolveSibling(split.group(1) + name));
    }
    return link(folder, "model-00001-of-" + split.group(2) + ".gguf", path);
  }

  private static Path link(WorkerFolder folder, String name, Path to) throws IOException {
    return Files.createSymbolicLink(folder.path().resolve(name), to);
  }
}

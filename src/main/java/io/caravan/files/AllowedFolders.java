package io.caravan.files;

import io.caravan.errors.GatewayException.InvalidRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/** The folders out of which models may be imported. Links are followed before a path is judged. */
public final class AllowedFolders {

  private final List<Path> folders;

  public AllowedFolders(List<Path> folders) {
    this.folders = folders.stream().map(AllowedFolders::real).toList();
  }

  /**
   * A path that a client named.
   *
   * @throws InvalidRequest if it lies outside, saying which folders are allowed
   */
  public Path check(String name) {
    try {
      var path = Path.of(name);
      var real = real(path.toAbsolutePath());
      if (path.isAbsolute() && folders.stream().anyMatch(real::startsWith)) return real;
    } catch (InvalidPathException e) {
      // said below
    }
    throw new InvalidRequest(
        "'params.path' must be an absolute path inside a folder that caravan.local.import-roots"
            + " names.",
        "params.path",
        "path_not_allowed");
  }

  /** The same, of a GGUF file that is there. */
  Path file(String name) {
    var path = check(name);
    boolean model = path.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".gguf");
    if (model && Files.isRegularFile(path) && Files.isReadable(path)) return path;
    throw new InvalidRequest(
        "'params.path' names no GGUF file that can be read.", "params.path", "file_not_found");
  }

  private static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.normalize(); // not there, or not here: it may be on the service's machine
    }
  }
}

package io.caravan.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Ties a program that knows nothing of Caravan to the life of this process: it ends even if this
 * one is killed and can do nothing about it.
 */
final class Tether {

  /**
   * Where Linux' {@code setpriv} lacks, a shell stands beside the program and ends it when its own
   * standard input ends, as it does when this process is gone.
   */
  private static final String WATCHER =
      """
      exec 3<&0
      "$@" 3<&- </dev/null &
      child=$!
      trap 'kill $child' TERM
      { cat <&3 >/dev/null; kill -9 $child 2>/dev/null; } &
      wait $child; status=$?
      while kill -0 $child 2>/dev/null; do wait $child; status=$?; done
      exec 3<&-
      exit $status""";

  private Tether() {}

  static List<String> wrap(List<String> command) {
    return wrap(command, onPath("setpriv"));
  }

  /**
   * @param setpriv the program of that name, null if there is none
   */
  static List<String> wrap(List<String> command, Path setpriv) {
    var wrapped = new ArrayList<String>();
    if (setpriv != null) wrapped.addAll(List.of(setpriv.toString(), "--pdeathsig", "KILL", "--"));
    else wrapped.addAll(List.of("sh", "-c", WATCHER, "sh"));
    wrapped.addAll(command);
    return wrapped;
  }

  /** A program on the PATH, null if there is none. */
  static Path onPath(String name) {
    var path = System.getenv("PATH");
    if (path == null) return null;
    for (var folder : path.split(Pattern.quote(java.io.File.pathSeparator))) {
      for (var file : new String[] {name, name + ".exe"}) {
        var program = Path.of(folder.isEmpty() ? "." : folder, file);
        if (Files.isRegularFile(program) && Files.isExecutable(program)) return program;
      }
    }
    return null;
  }
}

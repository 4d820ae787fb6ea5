package io.caravan.settings;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where settings come from, to be read again whenever the file changes.
 *
 * @param named the file of {@code --config}, null for {@code caravan.properties} where it is found
 * @param environment variables as they were at the start
 * @param strongest settings of the command line, and the port that was chosen
 */
public record Sources(
    Path named,
    Locations locations,
    Map<String, String> environment,
    Map<String, String> strongest) {

  /** The file that is read now, null if there is none. */
  public Path file() {
    return named != null ? named : locations.file("caravan.properties");
  }

  /**
   * Reads all of them.
   *
   * @throws IOException if the file cannot be read, saying why
   */
  public Configuration read() throws IOException {
    return Configuration.load(file(), environment, strongest);
  }
}

package io.caravan.settings;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where relative files and folders are looked for: the working directory, beside the jar, and one
 * level above it, so that {@code java -jar target/caravan.jar} works from any directory.
 */
public final class Locations {

  private final List<Path> bases;

  private Locations(List<Path> bases) {
    this.bases = bases;
  }

  /** The places for this very process. */
  public static Locations here() {
    Set<Path> bases = new LinkedHashSet<>();
    bases.add(Path.of("").toAbsolutePath());
    try {
      var code = Locations.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      var folder = Path.of(code).toAbsolutePath().getParent();
      bases.add(folder);
      if (folder.getParent() != null) bases.add(folder.getParent());
    } catch (URISyntaxException | SecurityException e) {
      // the working directory then has to do
    }
    return new Locations(new ArrayList<>(bases));
  }

  /** The first place that has this file, or null. */
  public Path file(String name) {
    return bases.stream()
        .map(base -> base.resolve(name))
        .filter(Files::isRegularFile)
        .findFirst()
        .orElse(null);
  }

  /**
   * All folders that a comma-separated list means; of each relative one the first that is there.
   */
  public List<Path> folders(String list) {
    var folders = new ArrayList<Path>();
    for (var name : list.split(",")) {
      if (name.isBlank()) continue;
      bases.stream()
          .map(base -> base.resolve(name.strip()))
          .filter(Files::isDirectory)
          .findFirst()
          .ifPresentOrElse(folders::add, () -> folders.add(bases.get(0).resolve(name.strip())));
    }
    return folders;
  }
}

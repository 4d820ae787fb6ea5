package io.caravan.catalog;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * By what the services of a provider are known, whatever their port. A Kamelet writes it as {@code
 * /path pattern & !/path pattern | /path pattern}: the JSON answered at a path holds, or must not
 * hold, the pattern; of several such rows one is enough.
 *
 * @param rows each a list of clues that must all be found
 */
public record Fingerprint(List<List<Clue>> rows) {

  /** Of a provider that cannot be told by looking. */
  public static final Fingerprint NONE = new Fingerprint(List.of());

  /**
   * One thing to look for.
   *
   * @param wanted whether it must be there or must not
   */
  public record Clue(String path, Pattern pattern, boolean wanted) {

    static Clue of(String text) {
      boolean wanted = !text.startsWith("!");
      var parts = text.substring(wanted ? 0 : 1).split("\\s+", 2);
      return new Clue(parts[0], Pattern.compile(parts.length < 2 ? "." : parts[1]), wanted);
    }

    boolean fits(Map<String, String> answers) {
      var answer = answers.get(path);
      return wanted == (answer != null && pattern.matcher(answer).find());
    }
  }

  static Fingerprint of(String text) {
    if (text.isBlank()) return NONE;
    var rows =
        Stream.of(text.strip().split("\\s+\\|\\s+"))
            .map(row -> Stream.of(row.split("\\s+&\\s+")).map(Clue::of).toList())
            .toList();
    return new Fingerprint(rows);
  }

  /** The paths to look at. */
  public Set<String> paths() {
    return rows.stream().flatMap(List::stream).map(Clue::path).collect(Collectors.toSet());
  }

  /**
   * Whether these answers are such a service's.
   *
   * @param answers compact JSON by path, of the paths that were answered
   */
  public boolean fits(Map<String, String> answers) {
    return rows.stream().anyMatch(row -> row.stream().allMatch(clue -> clue.fits(answers)));
  }
}

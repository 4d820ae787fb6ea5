package io.caravan.settings;

import java.util.Collection;
import java.util.Comparator;

/** What somebody most likely meant by a setting that does not exist. */
public final class NearestKey {

  private NearestKey() {}

  /** The setting, and the known one that looks most like it, if one does. */
  public static String hint(String key, Collection<String> known) {
    return known.stream()
        .filter(each -> distance(key, each) <= Math.max(2, lastPart(key).length() / 3))
        .min(Comparator.comparingInt(each -> distance(key, each)))
        .map(nearest -> key + " is not known; did you mean " + nearest + "?")
        .orElse(key + " is not known");
  }

  private static String lastPart(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** How many letters have to be put in, left out or changed (Levenshtein). */
  private static int distance(String one, String other) {
    var row = new int[other.length() + 1];
    for (int j = 0; j < row.length; j++) row[j] = j;
    for (int i = 1; i <= one.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int change = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[other.length()];
  }
}

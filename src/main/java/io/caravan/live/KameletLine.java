package io.caravan.live;

import java.util.regex.Pattern;

/**
 * Finds the line of a Kamelet that a failure is about, where Camel does not tell it: it names the
 * endpoint, class or word that it does not know, and that stands somewhere in the template.
 */
final class KameletLine {

  private static final Pattern LINE = Pattern.compile("\\bline:? \\d+");
  private static final Pattern ENDPOINT = Pattern.compile("\\b([a-z][\\w+.-]*):/?/?");
  private static final Pattern CLASS = Pattern.compile("\\b([a-z]\\w*(?:\\.\\w+)*\\.[A-Z]\\w*)");
  private static final Pattern NAMED =
      Pattern.compile("(?:for|named|bean|function):? ?['\"]?([\\w.-]{2,})");
  private static final Pattern QUOTED = Pattern.compile("['\"\\[{]([\\w.:-]{2,})['\"\\]}]");

  private KameletLine() {}

  /** The reason with the line in front, unless it tells one. */
  static String in(String text, String reason) {
    if (LINE.matcher(reason).find()) return reason;
    var lines = text.split("\n", -1);
    int template = line(lines, "  template:", 0);
    for (var pattern : new Pattern[] {ENDPOINT, CLASS, NAMED, QUOTED}) {
      var words = pattern.matcher(reason);
      while (words.find()) {
        var word = pattern == ENDPOINT ? words.group(1) + ":" : words.group(1);
        int at = line(lines, word, template);
        if (at >= 0) return "line " + (at + 1) + ": " + reason;
      }
    }
    return "line " + (template + 1) + ": " + reason;
  }

  /** The first line from there on that holds a word, or -1. */
  private static int line(String[] lines, String word, int from) {
    for (int i = Math.max(0, from); i < lines.length; i++) if (lines[i].contains(word)) return i;
    return -1;
  }
}

package io.caravan.errors;

import java.util.regex.Pattern;

/** An error page of HTML, which a proxy sends for a service. */
final class WebPage {

  /** What matters stands at its beginning. */
  private static final int MAX_CHARS = 4096;

  private static final int MAX_HEADING_CHARS = 200;

  private static final Pattern HEADING =
      Pattern.compile(
          "<(title|h[1-6])\\b[^<>]*>(.*?)</\\1", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** Tags, URLs, addresses and entities, in a heading. */
  private static final Pattern NO_WORDS =
      Pattern.compile("<[^<>]*>|\\S*//\\S*|\\d+(\\.\\d+){3}(:\\d+)?|&#?\\w+;");

  private WebPage() {}

  /** The text of its title, else of its first heading that has one, else null. */
  static String heading(String page) {
    var found = HEADING.matcher(page.substring(0, Math.min(page.length(), MAX_CHARS)));
    while (found.find()) {
      var words = NO_WORDS.matcher(found.group(2)).replaceAll(" ").replaceAll("\\s+", " ").strip();
      if (words.length() > MAX_HEADING_CHARS) words = words.substring(0, MAX_HEADING_CHARS) + "…";
      if (!words.isEmpty()) return words;
    }
    return null;
  }
}

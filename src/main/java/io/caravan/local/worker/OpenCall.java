package io.caravan.local.worker;

import java.util.regex.Pattern;

/**
 * A call that is still being written: its name is known, its arguments have begun. They are told as
 * they come, without the blanks between their values.
 */
final class OpenCall {

  private static final Pattern HEAD =
      Pattern.compile(
          "\\s*\\{\\s*\"name\"\\s*:\\s*\"([^\"\\\\]+)\"\\s*,\\s*\"(?:arguments|parameters)\"\\s*:\\s*(?=\\{)");

  private final String name;
  private int at;
  private int depth;
  private boolean quoted;
  private boolean escaped;
  private boolean over;

  private OpenCall(String name, int at) {
    this.name = name;
    this.at = at;
  }

  /** The call that begins at an index; null if it does not, or not in this order. */
  static OpenCall in(CharSequence text, int from) {
    var head = HEAD.matcher(text).region(from, text.length());
    return head.lookingAt() ? new OpenCall(head.group(1), head.end()) : null;
  }

  String name() {
    return name;
  }

  /** What there is of the arguments by now and was not told before. */
  String more(CharSequence text) {
    var more = new StringBuilder();
    while (at < text.length() && !over) {
      char c = text.charAt(at++);
      if (quoted || !Character.isWhitespace(c)) more.append(c);
      follow(c);
    }
    return more.toString();
  }

  private void follow(char c) {
    if (escaped) escaped = false;
    else if (quoted && c == '\\') escaped = true;
    else if (c == '"') quoted = !quoted;
    else if (!quoted && (c == '{' || c == '[')) depth++;
    else if (!quoted && (c == '}' || c == ']')) over = --depth == 0;
  }
}

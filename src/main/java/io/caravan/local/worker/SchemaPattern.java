package io.caravan.local.worker;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression as an expression of a grammar: characters, classes, groups, alternatives,
 * counts. It matches the inside of a JSON text, so neither quotes nor backslashes nor control
 * characters can be part of it.
 */
final class SchemaPattern {

  private static final int MAX_CHARS = 500;
  private static final int MAX_COUNT = 200;
  private static final String ANY = "[^\"\\\\\\x7F\\x00-\\x1F]";

  private final String pattern;
  private final StringBuilder out = new StringBuilder("(");
  private int at;

  private SchemaPattern(String pattern) {
    this.pattern = pattern;
  }

  /**
   * The expression.
   *
   * @throws SchemaRefusal if the pattern needs more than that
   */
  static String grammar(String pattern) {
    try {
      Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw refused(pattern);
    }
    if (pattern.length() > MAX_CHARS) throw new SchemaRefusal("a 'pattern' that is too long");
    return new SchemaPattern(pattern).translate();
  }

  private String translate() {
    boolean head = pattern.startsWith("^");
    boolean tail = pattern.endsWith("$") && !pattern.endsWith("\\$");
    int end = pattern.length() - (tail ? 1 : 0);
    // an alternative at the top may have anchors of its own, or lack them
    boolean split = pattern.contains("|") && (!head || !tail || pattern.contains("|^"));
    if (split) throw refused(pattern);
    if (!head) out.append(ANY).append('*');
    for (at = head ? 1 : 0; at < end; at++) take(pattern.charAt(at), end);
    if (!tail) out.append(ANY).append('*');
    return out.append(")").toString();
  }

  private void take(char c, int end) {
    switch (c) {
      case '\\' -> escape();
      case '[' -> at = SchemaBracket.translate(pattern, at, end, out);
      case '.' -> out.append(ANY);
      case '{' -> count();
      case '(' -> group();
      case ')', '|', '*', '+', '?' -> out.append(quantifier(c));
      case '^', '$', '"', ']', '}' -> throw refused(pattern);
      default -> literal(c);
    }
  }

  private void literal(char c) {
    out.append('"').append(checked(c, pattern)).append('"');
  }

  /** A character that can stand for itself in a grammar. */
  static char checked(char c, String pattern) {
    if (c < ' ' || c == '\\' || c == '"' || Character.isSurrogate(c)) throw refused(pattern);
    return c;
  }

  /** A lazy or possessive quantifier would be read as another one. */
  private char quantifier(char c) {
    boolean counts = c == '*' || c == '+' || c == '?';
    char before = at > 0 ? pattern.charAt(at - 1) : '(';
    boolean dangling = counts && "*+?}(|^".indexOf(before) >= 0 && !isEscaped(at - 1);
    if (dangling) throw refused(pattern);
    return c;
  }

  private void group() {
    out.append('(');
    if (at + 1 < pattern.length() && pattern.charAt(at + 1) == '?') {
      if (!pattern.startsWith("(?:", at)) throw refused(pattern);
      at += 2;
    }
  }

  private void escape() {
    char c = pattern.charAt(++at);
    var shorthand = shorthand(c);
    if (shorthand != null) out.append('[').append(shorthand).append(']');
    else if (Character.isLetterOrDigit(c)) throw refused(pattern);
    else literal(c);
  }

  /** A shorthand's characters, null if it is none. */
  static String shorthand(char c) {
    return switch (c) {
      case 'd' -> "0-9";
      case 'w' -> "A-Za-z0-9_";
      case 's' -> " ";
      default -> null;
    };
  }

  private void count() {
    int close = pattern.indexOf('}', at);
    var inside = close < 0 ? "" : pattern.substring(at + 1, close);
    if (!inside.matches("\\d{1,3}(,(\\d{1,3})?)?")) throw refused(pattern);
    for (var number : inside.split(",")) {
      if (Integer.parseInt(number) > MAX_COUNT) throw refused(pattern);
    }
    quantifier('?');
    out.append('{').append(inside).append('}');
    at = close;
  }

  private boolean isEscaped(int index) {
    int slashes = 0;
    while (index - slashes > 0 && pattern.charAt(index - slashes - 1) == '\\') slashes++;
    return slashes % 2 == 1;
  }

  static SchemaRefusal refused(String pattern) {
    var shown = pattern.length() <= 60 ? pattern : pattern.substring(0, 60) + "…";
    return new SchemaRefusal("the 'pattern' " + shown);
  }
}

package io.caravan.local.worker;

/** A class of characters in a regular expression, as the same in a grammar. */
final class SchemaBracket {

  private final String pattern;
  private final StringBuilder out;
  private int at;

  private SchemaBracket(String pattern, int at, StringBuilder out) {
    this.pattern = pattern;
    this.at = at;
    this.out = out;
  }

  /**
   * Translates the class that begins at a place.
   *
   * @param end where the pattern ends
   * @return the place of its last bracket
   * @throws SchemaRefusal if it is more than a list of characters and ranges
   */
  static int translate(String pattern, int at, int end, StringBuilder out) {
    return new SchemaBracket(pattern, at, out).translate(end);
  }

  private int translate(int end) {
    boolean negated = pattern.startsWith("[^", at);
    at += negated ? 2 : 1;
    out.append(negated ? "[^\"\\\\\\x00-\\x1F" : "[");
    int first = at;
    for (; at < end && (pattern.charAt(at) != ']'); at++) take(pattern.charAt(at));
    if (at == end || at == first) throw SchemaPattern.refused(pattern);
    out.append(']');
    return at;
  }

  private void take(char c) {
    if (c == '\\') escape(pattern.charAt(++at));
    else if (c == '[' || c == '&' || c == '^') throw SchemaPattern.refused(pattern);
    else out.append(SchemaPattern.checked(c, pattern));
  }

  private void escape(char c) {
    var shorthand = SchemaPattern.shorthand(c);
    if (shorthand != null) out.append(shorthand);
    else if (Character.isLetterOrDigit(c) || c > '~') throw SchemaPattern.refused(pattern);
    else out.append(String.format("\\x%02X", (int) SchemaPattern.checked(c, pattern)));
  }
}

package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The grammar of whole numbers in a range, and of numbers between whole numbers. */
final class GrammarNumber {

  /** Digits that a double keeps. */
  static final long FARTHEST = 999_999_999_999_999L;

  /** Digits that a long keeps. */
  static final long FARTHEST_WHOLE = 999_999_999_999_999_999L;

  private GrammarNumber() {}

  /** The expression for a schema of type integer or number; its bounds are whole and within it. */
  static String of(JsonNode schema) {
    var type = schema.path("type").asText();
    if (!schema.has("minimum")) return type;
    var ways = new ArrayList<String>();
    long least = schema.path("minimum").asLong();
    long most = schema.path("maximum").asLong();
    range(least, most, "", ways);
    if (type.equals("number")) {
      // what is between two whole numbers; its last digit is none that could be left out
      var between = " \".\" [0-9]{0,14} [1-9]";
      long from = schema.path("after").asLong();
      long to = schema.path("before").asLong();
      range(Math.max(0, from), to - 1, between, ways);
      if (from < 0) negative(Math.max(0, -to), -from - 1, between, ways);
    }
    return "(" + String.join(" | ", ways) + ")";
  }

  private static void range(long from, long to, String behind, List<String> ways) {
    if (from > to) return;
    if (from < 0) negative(Math.max(1, -to), -from, behind, ways);
    if (to >= 0) ways.add("(" + digits(Math.max(0, from), to) + ")" + behind);
  }

  private static void negative(long from, long to, String behind, List<String> ways) {
    if (from <= to) ways.add("\"-\" (" + digits(from, to) + ")" + behind);
  }

  /**
   * Numbers of the same length have a common pattern; those of different lengths are told apart.
   */
  private static String digits(long from, long to) {
    var low = Long.toString(from);
    var high = Long.toString(to);
    if (low.length() == high.length()) return same(low, high);
    long nines = Long.parseLong("9".repeat(low.length()));
    return same(low, Long.toString(nines)) + " | " + digits(nines + 1, to);
  }

  private static String same(String low, String high) {
    int common = 0;
    while (common < low.length() && low.charAt(common) == high.charAt(common)) common++;
    if (common == low.length()) return Grammar.quoted(low);
    if (common > 0) {
      var rest = same(low.substring(common), high.substring(common));
      return Grammar.quoted(low.substring(0, common)) + " (" + rest + ")";
    }
    int more = low.length() - 1;
    if (more == 0) return digit(low.charAt(0), high.charAt(0));
    char first = low.charAt(0);
    char last = high.charAt(0);
    var ways = new ArrayList<String>();
    boolean whole = low.endsWith("0".repeat(more));
    boolean full = high.endsWith("9".repeat(more));
    if (!whole)
      ways.add(digit(first, first) + " (" + same(low.substring(1), "9".repeat(more)) + ")");
    char begin = (char) (whole ? first : first + 1);
    char end = (char) (full ? last : last - 1);
    if (begin <= end) ways.add(digit(begin, end) + " [0-9]{" + more + "}");
    if (!full) ways.add(digit(last, last) + " (" + same("0".repeat(more), high.substring(1)) + ")");
    return String.join(" | ", ways);
  }

  private static String digit(char from, char to) {
    return "[" + from + "-" + to + "]";
  }
}

package io.caravan.local.worker;

import java.util.List;

/** The marks of calls in a text that grows. */
record Marks(List<String> marks, CharSequence text) {

  /** The mark that begins at an index, null if none does. */
  String at(int index) {
    for (var mark : marks) {
      if (common(mark, index) == mark.length()) return mark;
    }
    return null;
  }

  /** Whether the text from an index to its end may become a mark. */
  boolean mayBegin(int index) {
    for (var mark : marks) {
      if (common(mark, index) == text.length() - index) return true;
    }
    return false;
  }

  /** How many characters from an index on are those of the mark. */
  private int common(String mark, int index) {
    int length = 0;
    int most = Math.min(mark.length(), text.length() - index);
    while (length < most && text.charAt(index + length) == mark.charAt(length)) length++;
    return length;
  }
}

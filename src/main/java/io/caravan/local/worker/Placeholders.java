package io.caravan.local.worker;

import io.caravan.errors.GatewayException.InvalidRequest;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes through llama.cpp's template what java-llama.cpp 4.2.0 damages there: characters beyond the
 * basic plane come back as garbage, and a NUL ends the text. Each such character goes as one from
 * the private use area, and so does each private one, that none be mistaken.
 */
final class Placeholders {

  private static final char FIRST = '\uE000';
  private static final char LAST = '\uF8FF';

  private final Map<Integer, Character> hidden = new HashMap<>();
  private final Map<Character, Integer> shown = new HashMap<>();
  private char next = FIRST;

  /** The text without any such character; half a surrogate pair becomes U+FFFD. */
  String hide(String text) {
    var out = new StringBuilder(text.length());
    text.codePoints().forEach(code -> hide(code, out));
    return out.toString();
  }

  /** The rendered text with every character as it was. */
  String show(String text) {
    if (shown.isEmpty()) return text;
    var out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      var code = shown.get(text.charAt(i));
      if (code == null) out.append(text.charAt(i));
      else out.appendCodePoint(code);
    }
    return out.toString();
  }

  /** A character that stands for nothing in the text. */
  char reserve() {
    if (next > LAST) {
      var message = "The messages have too many different characters beyond the basic plane.";
      throw new InvalidRequest(message, "messages", null);
    }
    return next++;
  }

  private void hide(int code, StringBuilder out) {
    if (code == 0 || code > Character.MAX_VALUE || isPrivate(code)) {
      out.append(hidden.computeIfAbsent(code, this::take).charValue());
    } else if (code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
      out.append('\uFFFD');
    } else {
      out.append((char) code);
    }
  }

  private char take(int code) {
    char stand = reserve();
    shown.put(stand, code);
    return stand;
  }

  private static boolean isPrivate(int code) {
    return code >= FIRST && code <= LAST;
  }
}

package io.caravan.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/**
 * Halves of UTF-16 pairs. JSON can name one alone, as in {@code "\\ud800 x"}; UTF-8 cannot, and
 * Jackson then makes one character of it and its neighbour (2.19, {@code
 * COMBINE_UNICODE_SURROGATES_IN_UTF8}). Such a half becomes U+FFFD.
 */
final class Surrogates {

  private Surrogates() {}

  /**
   * The tree without lone halves, mended in place; the bytes it was read from tell if any can be.
   */
  static JsonNode paired(JsonNode tree, byte[] bytes) {
    return escaped(bytes) ? mended(tree) : tree;
  }

  /** Whether the bytes name a half anywhere: backslash, u, D, 8 to F. */
  private static boolean escaped(byte[] bytes) {
    for (int i = 0; i + 3 < bytes.length; i++) {
      if (bytes[i] != '\\') continue;
      i++;
      if (bytes[i] == 'u' && (bytes[i + 1] | 32) == 'd' && bytes[i + 2] >= '8') return true;
    }
    return false;
  }

  private static JsonNode mended(JsonNode node) {
    if (node instanceof TextNode text) return text(text);
    if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) array.set(i, mended(array.get(i)));
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(mended(field.getValue())));
    }
    return node;
  }

  private static JsonNode text(TextNode node) {
    var text = node.textValue();
    StringBuilder out = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isSurrogate(c)) continue;
      boolean pair = i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1));
      if (pair) {
        i++;
        continue;
      }
      if (out == null) out = new StringBuilder(text);
      out.setCharAt(i, '\uFFFD');
    }
    return out == null ? node : JsonNodeFactory.instance.textNode(out.toString());
  }
}

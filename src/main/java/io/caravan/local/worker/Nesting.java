package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;

/** How deep schemas may be: whoever walks through them does so with a stack that ends. */
final class Nesting {

  /** Far more than any tool or format has. */
  private static final int LEVELS = 100;

  private Nesting() {}

  static boolean exceeds(JsonNode value) {
    return exceeds(value, LEVELS);
  }

  /**
   * @param what is too deep, as the beginning of a sentence
   */
  static String refusal(String what) {
    return what + " must not be nested more than " + LEVELS + " levels deep.";
  }

  private static boolean exceeds(JsonNode value, int levels) {
    if (!value.isContainerNode()) return false;
    if (levels == 0) return true;
    for (var child : value) if (exceeds(child, levels - 1)) return true;
    return false;
  }
}

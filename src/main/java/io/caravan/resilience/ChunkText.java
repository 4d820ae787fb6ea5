package io.caravan.resilience;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The text in a chunk with one choice, of a chat or a text completion. */
final class ChunkText {

  private ChunkText() {}

  /** The text of the first choice; null if it has none. */
  static String of(ObjectNode chunk) {
    var choice = chunk.path("choices").path(0);
    return choice.has("delta")
        ? choice.path("delta").path("content").asText(null)
        : choice.path("text").asText(null);
  }

  /** Replaces the text where there is one. */
  static void set(ObjectNode chunk, String text) {
    var choice = chunk.path("choices").path(0);
    if (choice.path("delta") instanceof ObjectNode delta) delta.put("content", text);
    else ((ObjectNode) choice).put("text", text);
  }
}

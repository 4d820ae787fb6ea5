package io.caravan.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * A chunk that says nothing but a piece of one choice's text. Another one that goes on with it can
 * be added, so that both become one chunk. Not thread-safe.
 */
final class TextPiece {

  private static final Set<String> CHUNK =
      Set.of("id", "object", "created", "model", "system_fingerprint", "choices");
  private static final Set<String> CHOICE = Set.of("index", "delta", "text");
  private static final Set<String> TEXTS = Set.of("content", "reasoning_content");

  private final ObjectNode chunk;
  private final int index;
  private final ObjectNode holder;
  private final String field;
  private StringBuilder more;

  private TextPiece(ObjectNode chunk, int index, ObjectNode holder, String field) {
    this.chunk = chunk;
    this.index = index;
    this.holder = holder;
    this.field = field;
  }

  /** The chunk as such a piece, null if it says anything else or more. */
  static TextPiece of(ObjectNode chunk) {
    var choices = chunk.path("choices");
    if (choices.size() != 1 || !hasOnly(chunk, CHUNK)) return null;
    if (!(choices.get(0) instanceof ObjectNode choice) || !hasOnly(choice, CHOICE)) return null;
    var delta = choice.get("delta");
    var holder = delta instanceof ObjectNode object ? object : delta == null ? choice : null;
    var field = holder == null ? null : onlyText(holder, holder == choice);
    if (field == null || holder != choice && choice.has("text")) return null;
    return new TextPiece(chunk, choice.path("index").asInt(), holder, field);
  }

  /** Fields that are null say nothing. */
  private static boolean hasOnly(ObjectNode node, Set<String> names) {
    for (var field : node.properties()) {
      if (!names.contains(field.getKey()) && !field.getValue().isNull()) return false;
    }
    return true;
  }

  private static String onlyText(ObjectNode holder, boolean isChoice) {
    if (isChoice) return holder.path("text").isTextual() ? "text" : null;
    if (holder.size() != 1) return null;
    var only = holder.fieldNames().next();
    return TEXTS.contains(only) && holder.get(only).isTextual() ? only : null;
  }

  /** The number of the choice. */
  int index() {
    return index;
  }

  /** Whether the other goes on with the very same text. */
  boolean takes(TextPiece next) {
    return next.index == index && next.field.equals(field);
  }

  void add(TextPiece next) {
    if (more == null) more = new StringBuilder(text());
    more.append(next.text());
  }

  /** All of it as one chunk. */
  ObjectNode chunk() {
    if (more != null) holder.put(field, more.toString());
    return chunk;
  }

  private String text() {
    JsonNode text = holder.get(field);
    return text.asText();
  }
}

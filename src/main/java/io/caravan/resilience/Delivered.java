package io.caravan.resilience;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a client has got of a streamed answer, as far as another target could go on with it. */
final class Delivered {

  /** A longer answer is not kept aside: it would hold memory for every stream that runs. */
  private static final int MAX_CHARS = 256 << 10;

  private final StringBuilder text;
  private boolean plain = true;

  /**
   * @param before what was delivered before this stream began
   */
  Delivered(String before) {
    text = new StringBuilder(before);
  }

  void add(ObjectNode chunk) {
    for (var choice : chunk.path("choices")) {
      plain &= choice.path("index").asInt() == 0 && !choice.hasNonNull("finish_reason");
      text.append(choice.path("text").asText(""));
      for (var field : choice.path("delta").properties()) part(field.getKey(), field.getValue());
    }
    plain &= text.length() <= MAX_CHARS;
  }

  /** Whether it is nothing but the beginning of one text. */
  boolean isPlain() {
    return plain;
  }

  String text() {
    return text.toString();
  }

  private void part(String name, JsonNode value) {
    if (name.equals("content") && value.isTextual()) text.append(value.asText());
    else plain &= name.equals("role") || isEmpty(value);
  }

  /** Whether a chunk brings more than the role: text, a tool call, or the end. */
  static boolean isContent(ObjectNode chunk) {
    for (var choice : chunk.path("choices")) {
      if (!choice.path("finish_reason").asText("").isEmpty()) return true;
      if (!choice.path("text").asText("").isEmpty()) return true;
      for (var field : choice.path("delta").properties()) {
        if (!field.getKey().equals("role") && !isEmpty(field.getValue())) return true;
      }
    }
    return false;
  }

  private static boolean isEmpty(JsonNode value) {
    return value.isNull()
        || value.isTextual() && value.asText().isEmpty()
        || value.isContainerNode() && value.isEmpty();
  }
}

package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The model's thinking under one name. OpenAI's API has none; llama.cpp, DeepSeek and older vLLM
 * say {@code reasoning_content}, LM Studio, Ollama and newer vLLM {@code reasoning}.
 */
final class Reasoning {

  static final String NAME = "reasoning_content";
  private static final String OTHER_NAME = "reasoning";

  private Reasoning() {}

  /** The thinking that a message carries, empty if none. */
  static String of(JsonNode message) {
    JsonNode text = message.path(message.hasNonNull(NAME) ? NAME : OTHER_NAME);
    return text.isTextual() ? text.asText() : "";
  }

  /** Renames it in each choice of a completion or chunk, in place. */
  static void rename(ObjectNode answer) {
    for (var choice : answer.path("choices")) {
      for (var part : new String[] {"message", "delta"}) {
        if (choice.path(part) instanceof ObjectNode message) renameIn(message);
      }
    }
  }

  private static void renameIn(ObjectNode message) {
    if (!message.path(OTHER_NAME).isTextual()) return;
    JsonNode text = message.remove(OTHER_NAME);
    if (!message.hasNonNull(NAME)) message.set(NAME, text);
  }
}

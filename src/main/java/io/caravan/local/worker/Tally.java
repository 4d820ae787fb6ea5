package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/** Counts the tokens of an answer: each prompt's once, and those of every choice. */
final class Tally {

  private final int answers;
  private int prompt;
  private int completion;
  private int cached;

  /**
   * @param answers to each prompt; choices have the prompts' order
   */
  Tally(int answers) {
    this.answers = answers;
  }

  /** A choice has come to its end. */
  void add(int choice, Piece.End end) {
    completion += end.completionTokens();
    if (choice % answers != 0) return;
    prompt += end.promptTokens();
    cached += end.cachedTokens();
  }

  /** OpenAI's {@code usage}. */
  ObjectNode usage() {
    var usage =
        Json.object()
            .put("prompt_tokens", prompt)
            .put("completion_tokens", completion)
            .put("total_tokens", prompt + completion);
    usage.putObject("prompt_tokens_details").put("cached_tokens", cached);
    return usage;
  }
}

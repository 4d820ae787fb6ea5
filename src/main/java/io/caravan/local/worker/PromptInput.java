package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import java.util.ArrayList;
import java.util.List;

/** The {@code prompt} of a completion: a text, the tokens of one, or a list of either. */
final class PromptInput {

  /** Answers to one request at most: its prompts, each as many times as it wants answers. */
  static final int MAX_ANSWERS = 128;

  private PromptInput() {}

  /**
   * The prompts, each a text that is not empty or a list of known token ids.
   *
   * @param answers to each of them
   * @param vocabulary how many tokens the model knows
   * @throws InvalidRequest if there are none or too many, or one is neither
   */
  static List<JsonNode> parts(JsonNode request, int answers, int vocabulary) {
    var input = request.path("prompt");
    var parts = new ArrayList<JsonNode>();
    if (input.isTextual() || input.path(0).isNumber()) parts.add(input);
    else if (input.isArray()) input.forEach(parts::add);
    if (parts.isEmpty() || parts.size() * answers > MAX_ANSWERS) throw wrong();
    for (var part : parts) {
      if (part.isArray() && !part.isEmpty()) TokenIds.read(part, vocabulary, "prompt");
      else if (part.asText().isEmpty() || !part.isTextual()) throw wrong();
    }
    return parts;
  }

  private static InvalidRequest wrong() {
    var message =
        "`prompt` must be a text, its token ids, or a list of either, none empty, with at most %d answers in all.";
    return new InvalidRequest(message.formatted(MAX_ANSWERS), "prompt", "invalid_value");
  }
}

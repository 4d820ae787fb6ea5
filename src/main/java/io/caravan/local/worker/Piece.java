package io.caravan.local.worker;

/** A part of what a model generates, in order: texts and calls, then one end. */
sealed interface Piece {

  /** Text for the user. */
  record Text(String text) implements Piece {}

  /**
   * A call of one of the request's tools.
   *
   * @param arguments JSON text; empty if it follows in {@link Arguments}
   */
  record Call(String name, String arguments) implements Piece {}

  /** A part of the last call's arguments. */
  record Arguments(String text) implements Piece {}

  /**
   * @param reason OpenAI's {@code finish_reason}
   * @param cachedTokens tokens of the prompt that did not have to be evaluated
   */
  record End(String reason, int promptTokens, int completionTokens, int cachedTokens)
      implements Piece {

    End(String reason, int promptTokens, int completionTokens) {
      this(reason, promptTokens, completionTokens, 0);
    }

    End withReason(String other) {
      return new End(other, promptTokens, completionTokens, cachedTokens);
    }

    End withCached(int tokens) {
      return new End(reason, promptTokens, completionTokens, tokens);
    }
  }
}

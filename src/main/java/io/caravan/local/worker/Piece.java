package io.caravan.local.worker;

/** A part of what a model generates, in order: texts and calls, then one end. */
sealed interface Piece {

  /** Text for the user. */
  record Text(String text) implements Piece {}

  /**
   * A call of one of the request's tools.
   *
   * @param arguments JSON text
   */
  record Call(String name, String arguments) implements Piece {}

  /**
   * @param reason OpenAI's {@code finish_reason}
   */
  record End(String reason, int promptTokens, int completionTokens) implements Piece {}
}

package io.caravan.dialect;

/** The two operations that complete something, by what their answers call themselves. */
public enum CompletionKind {
  CHAT("chat.completion", "chat.completion.chunk"),
  TEXT("text_completion", "text_completion");

  private final String whole;
  private final String chunk;

  CompletionKind(String whole, String chunk) {
    this.whole = whole;
    this.chunk = chunk;
  }

  /** The {@code object} of a whole answer. */
  public String whole() {
    return whole;
  }

  /** The {@code object} of a chunk. */
  public String chunk() {
    return chunk;
  }
}

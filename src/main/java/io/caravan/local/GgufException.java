package io.caravan.local;

import java.io.IOException;

/**
 * A file that is no GGUF model or a damaged one; the message says what is wrong, without a path.
 */
public final class GgufException extends IOException {

  private static final long serialVersionUID = 1L;

  private final boolean truncated;

  GgufException(String message) {
    this(message, false);
  }

  private GgufException(String message, boolean truncated) {
    super(message);
    this.truncated = truncated;
  }

  static GgufException truncated(String message) {
    return new GgufException("truncated: " + message, true);
  }

  /** Whether more bytes might mend it: it may still be on its way into the folder. */
  public boolean isTruncated() {
    return truncated;
  }
}

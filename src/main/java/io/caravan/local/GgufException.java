package io.caravan.local;

import java.io.IOException;

/**
 * A file that is no GGUF model or a damaged one; the message says what is wrong, without a path.
 */
public final class GgufException extends IOException {

  private static final long serialVersionUID = 1L;

  GgufException(String message) {
    super(message);
  }
}

package io.caravan.errors;

import java.util.concurrent.CompletionException;

/** Failures inside others: futures wrap them, and so do Camel's expressions that call a bean. */
public final class Wrapped {

  private static final int DEEPEST = 20;

  private Wrapped() {}

  /** The {@link GatewayException} inside a failure, else the failure without futures' wrapping. */
  public static Throwable cause(Throwable failure) {
    var cause = failure;
    for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
      if (cause instanceof GatewayException) return cause;
      cause = cause.getCause();
    }
    cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }
}

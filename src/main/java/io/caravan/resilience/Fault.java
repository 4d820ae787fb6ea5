package io.caravan.resilience;

import io.caravan.errors.GatewayException;
import io.caravan.errors.UpstreamError;
import io.caravan.errors.Wrapped;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * A failure of an attempt, as far as it matters for what to do next.
 *
 * @param retryAfter how long the service wants to be left alone, null if it does not say
 * @param hopeless the service itself says that trying again is of no use
 */
public record Fault(Kind kind, Duration retryAfter, boolean hopeless) {

  /** Kinds of failure; the words are those of {@code x-caravan-fallback-reason} and of metrics. */
  public enum Kind {
    /** Not reached, or closed before an answer. */
    CONNECT,
    /** Status 5xx, or such an error in place of an answer. */
    SERVER_ERROR,
    /** Status 429. */
    RATE_LIMITED,
    /** Silent for longer than a time limit. */
    TIMEOUT,
    /** Something that is no answer, or an answer that broke off. */
    BAD_ANSWER,
    /**
     * This target cannot serve the request, another may: 401, 402, 403, 404, no credit, a
     * parameter.
     */
    REFUSED,
    /** The request is too long for the model. */
    CONTEXT_LENGTH,
    /** The request is at fault, or its content: no target would take it. */
    REQUEST,
    /** The gateway itself holds the call back: no turn, breaker open, not configured. */
    UNAVAILABLE,
    /** The client has left. */
    CANCELLED,
    /** A defect, of the gateway or of a Kamelet. */
    INTERNAL;

    /** This kind as a label. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether the same target may do better in a moment. */
    boolean isTransient() {
      return this == CONNECT || this == SERVER_ERROR || this == RATE_LIMITED || this == BAD_ANSWER;
    }

    /** Whether the service is there and has said no. */
    boolean isAnswer() {
      return this == REFUSED || this == REQUEST || this == CONTEXT_LENGTH;
    }

    /** Whether another target may do better. */
    boolean isLocal() {
      return this != REQUEST && this != CONTEXT_LENGTH && this != CANCELLED;
    }
  }

  /** Whether a limit of calls was met, and ends later than one that may wait so long can wait. */
  boolean asksForMoreThan(Duration budget) {
    return kind == Kind.RATE_LIMITED && retryAfter != null && retryAfter.compareTo(budget) > 0;
  }

  static Fault of(Kind kind) {
    return new Fault(kind, null, false);
  }

  /** What a failure means; the clock is for a {@code Retry-After} that is a date. */
  static Fault of(Throwable failure, Clock clock) {
    var cause = cause(failure);
    if (cause instanceof GatewayException.UpstreamFailed e) return of(e.error(), clock);
    if (cause instanceof GatewayException.Unreachable) return of(Kind.CONNECT);
    if (cause instanceof GatewayException.TimedOut) return of(Kind.TIMEOUT);
    if (cause instanceof GatewayException.BadAnswer) return of(Kind.BAD_ANSWER);
    if (cause instanceof GatewayException.Unavailable) return of(Kind.UNAVAILABLE);
    if (cause instanceof GatewayException.ModelNotFound) return of(Kind.REFUSED);
    if (cause instanceof GatewayException.Cancelled) return of(Kind.CANCELLED);
    if (cause instanceof GatewayException.InvalidRequest e) {
      // another provider may have the parameter or the operation that this one lacks
      boolean lacks = e.code() != null && e.code().startsWith("unsupported_");
      return of(lacks ? Kind.REFUSED : Kind.REQUEST);
    }
    return of(Kind.INTERNAL);
  }

  /** A failure without the wrapping of futures and of Camel's expressions. */
  static Throwable cause(Throwable failure) {
    return Wrapped.cause(failure);
  }

  private static Fault of(UpstreamError error, Clock clock) {
    Map<String, String> headers = error.headers();
    boolean hopeless = "false".equals(headers.get("x-should-retry"));
    return new Fault(kind(error), RetryAfter.in(headers, clock), hopeless);
  }

  private static Kind kind(UpstreamError error) {
    if (Refusal.isContent(error)) return Kind.REQUEST;
    if (Refusal.isLength(error)) return Kind.CONTEXT_LENGTH;
    if (Refusal.isOwn(error)) return Kind.REFUSED;
    int status = error.status();
    return switch (status) {
      case 429 -> Kind.RATE_LIMITED;
      case 501 -> Kind.REFUSED;
      case 408, 409, 424, 425 -> Kind.SERVER_ERROR; // a lock, or a worker that failed behind it
      case 400, 406, 411, 412, 413, 414, 415, 416, 417, 422, 428, 431 -> Kind.REQUEST;
      default -> status >= 500 ? Kind.SERVER_ERROR : Kind.REFUSED;
    };
  }
}

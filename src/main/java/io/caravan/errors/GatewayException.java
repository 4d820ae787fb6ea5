package io.caravan.errors;

/**
 * Everything that can go wrong with a call, as one family. What the client is told of each member
 * is in one table, {@link OpenAiErrors}. Messages are written for the client: no keys, no URLs of
 * services, no class names.
 */
public abstract sealed class GatewayException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private GatewayException(String message) {
    super(message, null, false, false);
  }

  /** The request cannot be served as it is: 400, naming the field and the remedy. */
  public static final class InvalidRequest extends GatewayException {
    private final String param;
    private final String code;

    /**
     * @param param the field at fault, null if it is the body as a whole
     * @param code a machine-readable reason such as {@code missing_required_parameter}, or null
     */
    public InvalidRequest(String message, String param, String code) {
      super(message);
      this.param = param;
      this.code = code;
    }

    public String param() {
      return param;
    }

    public String code() {
      return code;
    }
  }

  /** No service has this model: 404 {@code model_not_found}. */
  public static final class ModelNotFound extends GatewayException {
    public ModelNotFound(String model) {
      super("The model `" + shortened(model) + "` does not exist or you do not have access to it.");
    }
  }

  /** There is no such thing of Caravan's own, such as a job: 404, saying what lists them. */
  public static final class NotFound extends GatewayException {
    private final String code;

    /**
     * @param code a machine-readable reason such as {@code job_not_found}
     */
    public NotFound(String message, String code) {
      super(message);
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /** It cannot be done in the present state of things: 409. */
  public static final class Conflict extends GatewayException {
    private final String code;

    /**
     * @param code a machine-readable reason such as {@code job_finished}
     */
    public Conflict(String message, String code) {
      super(message);
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /** The service lacks a capability: 501 {@code not_supported}. */
  public static final class NotSupported extends GatewayException {
    public NotSupported(String service, String title, String capability) {
      super(
          "The service `%s` (%s) does not have the capability %s. GET /llm/services/%s/capabilities lists what it has."
              .formatted(service, title, capability, service));
    }
  }

  private static String shortened(String name) {
    return name.length() <= 200 ? name : name.substring(0, 200) + "…";
  }

  /** The service cannot be asked at all for now: 503, with the seconds after which to try again. */
  public static final class Unavailable extends GatewayException {
    private final int retryAfterSeconds;

    public Unavailable(String message, int retryAfterSeconds) {
      super(message);
      this.retryAfterSeconds = retryAfterSeconds;
    }

    public int retryAfterSeconds() {
      return retryAfterSeconds;
    }
  }

  /**
   * The caller may not do it: 401 without a valid key, 403 if the key does not open this, 429
   * beyond a limit of the key.
   */
  public static final class Refused extends GatewayException {
    private final int status;
    private final String code;
    private final int retryAfterSeconds;

    private Refused(int status, String code, String message, int retryAfterSeconds) {
      super(message);
      this.status = status;
      this.code = code;
      this.retryAfterSeconds = retryAfterSeconds;
    }

    /** Nobody knows who calls: 401. */
    public static Refused unknown(String message) {
      return new Refused(401, "invalid_api_key", message, 0);
    }

    /** It is known who calls, or from where, and it is not allowed: 403. */
    public static Refused forbidden(String message, String code) {
      return new Refused(403, code, message, 0);
    }

    /** It is too much for now: 429, with the seconds after which to try again. */
    public static Refused limited(String message, int retryAfterSeconds) {
      return new Refused(429, "rate_limit_exceeded", message, retryAfterSeconds);
    }

    public int status() {
      return status;
    }

    public String code() {
      return code;
    }

    public int retryAfterSeconds() {
      return retryAfterSeconds;
    }
  }

  /** The service could not be reached, or closed the connection before it answered: 502. */
  public static final class Unreachable extends GatewayException {
    private final boolean sent;

    public Unreachable(String message) {
      this(message, true);
    }

    /**
     * @param sent whether the request may have arrived
     */
    public Unreachable(String message, boolean sent) {
      super(message);
      this.sent = sent;
    }

    public boolean sent() {
      return sent;
    }
  }

  /** The service kept silent for longer than a time limit: 504. */
  public static final class TimedOut extends GatewayException {
    public TimedOut(String message) {
      super(message);
    }
  }

  /** The service answered something that is no answer: 502. */
  public static final class BadAnswer extends GatewayException {
    /**
     * @param what what came instead, to follow "The service sent"
     */
    public BadAnswer(String what) {
      super("The service sent " + what + ".");
    }
  }

  /** The client left. Nobody hears of it; it ends the work. */
  public static final class Cancelled extends GatewayException {
    public Cancelled() {
      super("The client closed the connection.");
    }
  }

  /** The service refused or failed, in its own words. */
  public static final class UpstreamFailed extends GatewayException {
    private final transient UpstreamError error;

    public UpstreamFailed(UpstreamError error) {
      super(error.message());
      this.error = error;
    }

    public UpstreamError error() {
      return error;
    }
  }
}

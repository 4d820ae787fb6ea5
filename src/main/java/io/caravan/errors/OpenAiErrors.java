package io.caravan.errors;

import io.caravan.json.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one table from failures to what an OpenAI client is told: status, type, code. What is not in
 * it becomes a mute 500, and the log has the rest.
 */
public final class OpenAiErrors {

  private static final Logger LOG = LoggerFactory.getLogger(OpenAiErrors.class);
  private static final String INVALID = "invalid_request_error";
  private static final String SERVER = "server_error";

  private OpenAiErrors() {}

  /**
   * A failure as the client sees it.
   *
   * @param headers retry-after and rate limits, empty if there are none
   */
  public record Rendered(
      int status,
      String type,
      String code,
      String param,
      String message,
      Map<String, String> headers) {

    /** The same with every occurrence of a secret in the service's words replaced. */
    public Rendered hiding(String secret, String replacement) {
      if (secret == null || secret.isEmpty() || !message.contains(secret)) return this;
      return new Rendered(status, type, code, param, message.replace(secret, replacement), headers);
    }

    /** The OpenAI error object, all four fields of it, as JSON bytes. */
    public byte[] body() {
      return OpenAiErrors.body(message, type, param, code);
    }
  }

  /** The OpenAI error body for four given fields. */
  public static byte[] body(String message, String type, String param, String code) {
    var error = Json.object();
    error
        .putObject("error")
        .put("message", message)
        .put("type", type)
        .put("param", param)
        .put("code", code);
    return Json.bytes(error);
  }

  /** Looks a failure up in the table. */
  public static Rendered render(Throwable failure) {
    var cause = Wrapped.cause(failure);
    if (cause instanceof GatewayException known) {
      var rendered = ofCaller(known);
      return rendered != null ? rendered : ofService(known);
    }
    LOG.error("An unexpected failure was answered with 500", cause);
    return error(500, SERVER, null, null, "An internal error occurred. The log says more.");
  }

  /** What the caller did; null if it is the service that failed. */
  private static Rendered ofCaller(GatewayException failure) {
    var message = failure.getMessage();
    if (failure instanceof GatewayException.InvalidRequest e)
      return error(400, INVALID, e.code(), e.param(), message);
    if (failure instanceof GatewayException.ModelNotFound)
      return error(404, INVALID, "model_not_found", null, message);
    if (failure instanceof GatewayException.NotFound e)
      return error(404, INVALID, e.code(), null, message);
    if (failure instanceof GatewayException.Conflict e)
      return error(409, INVALID, e.code(), null, message);
    if (failure instanceof GatewayException.NotSupported)
      return error(501, INVALID, "not_supported", null, message);
    if (failure instanceof GatewayException.Cancelled)
      return error(499, SERVER, "client_closed_request", null, message);
    return failure instanceof GatewayException.Refused e ? refused(e) : null;
  }

  private static Rendered ofService(GatewayException failure) {
    var message = failure.getMessage();
    if (failure instanceof GatewayException.Unavailable e) {
      var headers = Map.of("Retry-After", String.valueOf(e.retryAfterSeconds()));
      return new Rendered(503, SERVER, "service_unavailable", null, message, headers);
    }
    if (failure instanceof GatewayException.Unreachable)
      return error(502, SERVER, "upstream_unreachable", null, message);
    if (failure instanceof GatewayException.TimedOut)
      return error(504, SERVER, "upstream_timeout", null, message);
    if (failure instanceof GatewayException.BadAnswer)
      return error(502, SERVER, "upstream_bad_answer", null, message);
    return upstream(((GatewayException.UpstreamFailed) failure).error());
  }

  private static Rendered refused(GatewayException.Refused e) {
    var headers = new LinkedHashMap<String, String>();
    if (e.status() == 401) headers.put("WWW-Authenticate", "Bearer");
    if (e.retryAfterSeconds() > 0) headers.put("Retry-After", "" + e.retryAfterSeconds());
    var type = e.status() == 429 ? "rate_limit_exceeded" : INVALID;
    return new Rendered(e.status(), type, e.code(), null, e.getMessage(), headers);
  }

  private static Rendered upstream(UpstreamError e) {
    if (e.status() == 401) {
      return new Rendered(
          502,
          SERVER,
          "upstream_authentication",
          null,
          "The service refused Caravan's API key for it. Check the key that is configured.",
          e.headers());
    }
    int status = clientStatus(e.status());
    var type = e.type() != null ? e.type() : defaultType(status);
    var code = e.code() != null ? e.code() : defaultCode(status, e.message());
    return new Rendered(status, type, code, e.param(), e.message(), e.headers());
  }

  /** Anthropic's 529 means overloaded, which the rest of the world calls 503. */
  private static int clientStatus(int status) {
    if (status == 529) return 503;
    if (status >= 400 && status <= 504) return status;
    return 502;
  }

  private static String defaultType(int status) {
    if (status == 429) return "rate_limit_exceeded";
    return status < 500 ? INVALID : SERVER;
  }

  private static String defaultCode(int status, String message) {
    if (status == 429) return "rate_limit_exceeded";
    return status == 404 && message.toLowerCase(Locale.ROOT).contains("model")
        ? "model_not_found"
        : null;
  }

  private static Rendered error(
      int status, String type, String code, String param, String message) {
    return new Rendered(status, type, code, param, message, new LinkedHashMap<>());
  }
}

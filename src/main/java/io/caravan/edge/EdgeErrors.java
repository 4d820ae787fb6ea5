package io.caravan.edge;

import io.caravan.errors.OpenAiErrors;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The answers that are given before or after Camel has the call, in OpenAI's form. */
final class EdgeErrors {

  private static final Logger LOG = LoggerFactory.getLogger(EdgeErrors.class);

  static final String INVALID = "invalid_request_error";
  private static final String TOO_SLOW =
      "The request body took too long to arrive (caravan.server.body-timeout-sec).";

  /** How long a client that sends too much has to notice the answer. */
  private static final long READING_MS = 2000;

  private final long maxBodyBytes;

  EdgeErrors(long maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
  }

  /** Has the server's root router answer in OpenAI's form where no route takes the request. */
  void install(Router root) {
    root.errorHandler(400, ctx -> refuse(ctx, 400, null, InvalidHttp.MESSAGE));
    root.errorHandler(404, ctx -> refuse(ctx, 404, "unknown_url", unknownUrl(ctx)));
    root.errorHandler(
        405, ctx -> refuse(allowing(root, ctx), 405, "method_not_supported", wrongMethod(ctx)));
    root.errorHandler(408, ctx -> refuse(ctx, 408, "request_timeout", TOO_SLOW));
    root.errorHandler(413, ctx -> refuse(ctx, 413, "request_too_large", tooLarge()));
    root.errorHandler(415, ctx -> refuse(ctx, 415, "unsupported_content_type", contentType(ctx)));
    root.errorHandler(500, EdgeErrors::failed);
    // Vert.x Web's name for a client that left while it sent its request: no news, no answer
    root.errorHandler(200, ctx -> {});
  }

  /** The bodies of other calls take what memory there is for them. */
  void noRoom(RoutingContext ctx) {
    closeSoon(ctx);
    ctx.response().putHeader("Retry-After", "1");
    var message =
        "Other requests take all the memory that there is for them. Try again in a moment.";
    send(ctx.response(), 503, "server_error", "service_unavailable", message);
  }

  /** RFC 9110, 8.4.1 and 15.5.16. */
  void encoded(HttpServerRequest request) {
    closeSoon(request);
    request.response().putHeader("Accept-Encoding", "identity");
    var message = "A request body with a Content-Encoding is not supported: send it as it is.";
    send(request.response(), 415, INVALID, "unsupported_content_encoding", message);
  }

  /** RFC 9110, 15.5.18. */
  void unexpected(HttpServerRequest request) {
    closeSoon(request);
    var message = "The only expectation that can be met is 'Expect: 100-continue'.";
    send(request.response(), 417, INVALID, "expectation_failed", message);
  }

  static void shuttingDown(HttpServerResponse response) {
    response.putHeader("Retry-After", "5");
    send(response, 503, "server_error", "shutting_down", "Caravan is shutting down.");
  }

  private static void failed(RoutingContext ctx) {
    LOG.error("A request to {} failed at the edge", ctx.request().path(), ctx.failure());
    internal(ctx.response());
  }

  static void internal(HttpServerResponse response) {
    if (response.headWritten()) return;
    send(response, 500, "server_error", null, "An internal error occurred. The log says more.");
  }

  /** Names the methods that the path has (RFC 9110, 15.5.6). */
  private static RoutingContext allowing(Router root, RoutingContext ctx) {
    var methods = new TreeSet<String>();
    for (var route : root.getRoutes()) {
      if (!matches(route, ctx.normalizedPath())) continue;
      if (route.methods() != null) route.methods().forEach(method -> methods.add(method.name()));
    }
    ctx.response().putHeader("Allow", String.join(", ", methods));
    return ctx;
  }

  /** Whether a route takes requests for the path, of whatever method. */
  static boolean matches(Route route, String path) {
    if (route.getPath() == null) return false;
    if (!route.isExactPath()) return path.startsWith(route.getPath());
    return path.equals(route.getPath()) || path.equals(route.getPath() + "/");
  }

  private void refuse(RoutingContext ctx, int status, String code, String message) {
    if (status == 408 || status == 413) closeSoon(ctx);
    send(ctx.response(), status, INVALID, code, message);
  }

  /** The client is still sending; closed at once, it would not get to read the answer. */
  private static void closeSoon(RoutingContext ctx) {
    closeSoon(ctx.request());
  }

  static void closeSoon(HttpServerRequest request) {
    request.response().putHeader("Connection", "close");
    var vertx = Vertx.currentContext().owner();
    vertx.setTimer(READING_MS, id -> request.connection().close());
  }

  static void send(
      HttpServerResponse response, int status, String type, String code, String message) {
    if (response.ended() || response.closed() || response.headWritten()) return;
    response.setStatusCode(status).putHeader("Content-Type", "application/json");
    response.end(Buffer.buffer(OpenAiErrors.body(message, type, null, code)));
  }

  private static String unknownUrl(RoutingContext ctx) {
    return "Unknown request URL: %s %s. Try GET /v1/models."
        .formatted(ctx.request().method(), ctx.request().path());
  }

  private static String wrongMethod(RoutingContext ctx) {
    return "%s is not supported for %s.".formatted(ctx.request().method(), ctx.request().path());
  }

  private String tooLarge() {
    return "The request body is larger than the limit of %d bytes (caravan.server.max-body-size)."
        .formatted(maxBodyBytes);
  }

  private static String contentType(RoutingContext ctx) {
    var given = ctx.request().getHeader("Content-Type");
    return (given == null ? "The Content-Type is missing" : "The Content-Type is not supported")
        + ": send the body as 'Content-Type: application/json'.";
  }
}

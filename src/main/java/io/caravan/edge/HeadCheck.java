package io.caravan.edge;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;

/** What is looked at in the head of every request before a route is looked for. */
final class HeadCheck {

  private static final String JSON = "application/json";
  private static final String ANYTHING = "application/octet-stream";

  private final EdgeErrors errors;
  private final Door door;

  /**
   * @param door who may come in; null for everyone
   */
  HeadCheck(EdgeErrors errors, Door door) {
    this.errors = errors;
    this.door = door;
  }

  /** Whether the request may go on to the router; else it is answered. */
  boolean passes(HttpServerRequest request) {
    if (door != null && !door.passes(request)) return false;
    var headers = request.headers();
    var type = headers.get(HttpHeaders.CONTENT_TYPE);
    if (type != null && !type.equals(JSON)) headers.set(HttpHeaders.CONTENT_TYPE, plain(type));
    if (!isMet(headers)) {
      errors.unexpected(request);
      return false;
    }
    var encoding = headers.get(HttpHeaders.CONTENT_ENCODING);
    if (encoding == null || encoding.equalsIgnoreCase("identity")) return true;
    errors.encoded(request);
    return false;
  }

  /**
   * Media types are case-insensitive and may have spaces before their parameters (RFC 9110, 8.3.1),
   * and a body is of one type; the router knows neither, and takes a wildcard for what it wants.
   */
  private static String plain(String given) {
    int end = given.indexOf(';');
    var type = (end < 0 ? given : given.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    if (type.contains("*") || !type.contains("/")) return ANYTHING;
    return end < 0 ? type : type + given.substring(end).toLowerCase(Locale.ROOT);
  }

  /** RFC 9110, 10.1.1: there is but one expectation. */
  private static boolean isMet(MultiMap headers) {
    if (!headers.contains(HttpHeaders.EXPECT)) return true;
    return headers.getAll(HttpHeaders.EXPECT).stream().allMatch("100-continue"::equalsIgnoreCase);
  }
}

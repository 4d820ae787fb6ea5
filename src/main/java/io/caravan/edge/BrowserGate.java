package io.caravan.edge;

import io.caravan.access.Origins;
import io.caravan.errors.GatewayException.Refused;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

/**
 * What keeps the pages of others out, whatever key a browser may have: a known Host, no foreign
 * Origin, and CORS for those that the settings name.
 */
final class BrowserGate {

  private final Origins origins;
  private volatile String latestHost;

  BrowserGate(Origins origins) {
    this.origins = origins;
  }

  /** Whether the request may go on; else it is answered. */
  boolean passes(HttpServerRequest request) {
    if (!origins.pages().isEmpty()) request.response().putHeader("Vary", "Origin");
    var headers = request.headers();
    var host = host(request);
    if (host != null && !host.equals(latestHost)) {
      if (!origins.knows(host)) {
        return refuse(
            request,
            "Caravan does not go by the name in the Host header (caravan.server.allowed-hosts).",
            "host_not_allowed");
      }
      latestHost = host;
    }
    var origin = headers.get(HttpHeaders.ORIGIN);
    return origin == null || passes(request, origin, host);
  }

  /**
   * A request for a whole URL is for the host in that, whatever its Host says (RFC 9112, 3.2.2).
   */
  private static String host(HttpServerRequest request) {
    var uri = request.uri();
    int scheme = uri.startsWith("/") ? -1 : uri.indexOf("://");
    if (scheme < 0) return request.getHeader(HttpHeaders.HOST);
    int path = uri.indexOf('/', scheme + 3);
    return uri.substring(scheme + 3, path < 0 ? uri.length() : path);
  }

  private boolean passes(HttpServerRequest request, String origin, String host) {
    boolean reads = origins.mayRead(origin);
    if (reads) {
      var answer = request.response();
      answer.putHeader("Access-Control-Allow-Origin", origin);
      answer.putHeader("Access-Control-Expose-Headers", "*");
    }
    boolean asks = request.headers().contains("Access-Control-Request-Method");
    if (request.method() == HttpMethod.OPTIONS && asks) return preflight(request, reads);
    if (!origins.isForeign(request.method().name(), origin, host)) return true;
    return refuse(
        request,
        "Pages of another origin may not use Caravan unless caravan.cors.origins names it.",
        "origin_not_allowed");
  }

  private static boolean preflight(HttpServerRequest request, boolean allowed) {
    if (!allowed) {
      return refuse(
          request, "caravan.cors.origins does not name your origin.", "origin_not_allowed");
    }
    var wanted = request.getHeader("Access-Control-Request-Headers");
    var answer = request.response().setStatusCode(204);
    answer.putHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
    if (wanted != null) answer.putHeader("Access-Control-Allow-Headers", wanted);
    answer.putHeader("Access-Control-Max-Age", "600").end();
    return false;
  }

  private static boolean refuse(HttpServerRequest request, String message, String code) {
    Door.answer(request, Refused.forbidden(message, code));
    return false;
  }
}

package io.caravan.edge;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Set;

/**
 * What is answered from the stop signal until the port is closed, without a route, since routes go
 * before it: running calls may still end, so the process says that it lives.
 */
final class LastWords {

  private static final Set<String> LIVE = Set.of("/health", "/health/live");
  private static final Set<HttpMethod> ASKING = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private LastWords() {}

  /** 200 for who asks whether the process lives, 503 for anything else. */
  static void answer(HttpServerRequest request) {
    var response = request.response();
    if (ASKING.contains(request.method()) && LIVE.contains(request.path())) {
      response.putHeader("Content-Type", "application/json").end("{\"status\":\"ok\"}");
    } else {
      EdgeErrors.shuttingDown(response);
    }
  }
}

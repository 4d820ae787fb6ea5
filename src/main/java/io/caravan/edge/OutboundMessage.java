package io.caravan.edge;

import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import org.apache.camel.Exchange;

/** A Camel message as the head of an HTTP answer. */
final class OutboundMessage {

  private static final String VARY = "Vary";

  private OutboundMessage() {}

  /**
   * Writes status and headers. Only what the route has set goes out: a header still as it came in
   * is the client's own, and one named {@code Camel*} is Camel's.
   */
  static void head(
      Exchange exchange, Map<String, Object> requestHeaders, HttpServerResponse response) {
    var message = exchange.getMessage();
    response.setStatusCode(message.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, int.class));
    message.getHeaders().forEach((name, value) -> header(name, value, requestHeaders, response));
  }

  private static void header(
      String name, Object value, Map<String, Object> requestHeaders, HttpServerResponse response) {
    if (value == null || value == requestHeaders.get(name)) return;
    if (name.regionMatches(true, 0, "camel", 0, 5)) return;
    var line = oneLine(value.toString());
    if (name.equalsIgnoreCase(VARY)) response.headers().add(VARY, line); // CORS has one too
    else response.putHeader(name, line);
  }

  /** A line break inside a value would start a header of somebody's choosing. */
  private static String oneLine(String value) {
    return value.indexOf('\r') < 0 && value.indexOf('\n') < 0
        ? value
        : value.replaceAll("[\\r\\n]+", " ");
  }
}

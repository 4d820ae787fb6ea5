package io.caravan.edge;

import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;

/** An HTTP request as a Camel message: headers and query as headers, the body as bytes. */
final class InboundMessage {

  private InboundMessage() {}

  /**
   * Fills the exchange's message. A header or query parameter that calls itself {@code Camel*}
   * stays outside: it would steer components.
   *
   * @return the headers as they were taken over, to tell them from those that the route sets
   */
  static Map<String, Object> fill(Exchange exchange, RoutingContext ctx, byte[] body) {
    var request = ctx.request();
    var headers = exchange.getIn().getHeaders();
    if (request.query() != null) copy(ctx.queryParams(), headers);
    copy(request.headers(), headers);
    ctx.pathParams().forEach((name, value) -> put(headers, name, value));
    headers.put(Exchange.HTTP_METHOD, request.method().name());
    headers.put(Exchange.HTTP_PATH, request.path());
    exchange.getIn().setBody(body);
    return new HashMap<>(headers);
  }

  private static void copy(MultiMap from, Map<String, Object> to) {
    for (var entry : from) {
      var name = entry.getKey();
      if (!to.containsKey(name)) put(to, name, entry.getValue());
      else if (from.getAll(name).size() > 1) put(to, name, List.copyOf(from.getAll(name)));
    }
  }

  private static void put(Map<String, Object> headers, String name, Object value) {
    if (!name.regionMatches(true, 0, "camel", 0, 5)) headers.put(name, value);
  }
}

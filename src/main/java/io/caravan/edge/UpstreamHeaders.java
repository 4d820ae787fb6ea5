package io.caravan.edge;

import io.vertx.core.MultiMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.Exchange;

/** Which headers go to a service, and which of its own come back: two allow-lists. */
final class UpstreamHeaders {

  private UpstreamHeaders() {}

  /** What the Kamelet has set, the key, and the kind of answer wanted. */
  static Map<String, String> toSend(
      Exchange exchange, String apiKey, String keyHeader, boolean streamed) {
    var headers = new LinkedHashMap<String, String>();
    for (var entry : exchange.getMessage().getHeaders().entrySet()) {
      if (entry.getValue() == null || isCamels(entry.getKey())) continue;
      headers.put(entry.getKey(), entry.getValue().toString());
    }
    if (apiKey != null) {
      boolean bearer = keyHeader.equals(UpstreamEndpoint.AUTHORIZATION);
      headers.put(keyHeader, bearer ? "Bearer " + apiKey : apiKey);
    }
    headers.put("Accept", streamed ? "text/event-stream, application/json" : "application/json");
    headers.put("User-Agent", "Caravan");
    var id = exchange.getProperty(RequestId.PROPERTY, String.class);
    if (id != null) headers.put(RequestId.HEADER, id);
    return headers;
  }

  /** How long to wait, how much is left: what a client can act upon. Nothing else. */
  static Map<String, String> toReturn(MultiMap answered) {
    var headers = new LinkedHashMap<String, String>();
    for (var entry : answered) {
      var name = entry.getKey().toLowerCase(Locale.ROOT);
      if (name.startsWith("retry-after")
          || name.startsWith("x-ratelimit-")
          || name.startsWith("anthropic-ratelimit-")
          || name.equals("x-should-retry")) {
        headers.put(name, entry.getValue());
      }
    }
    return headers;
  }

  private static boolean isCamels(String name) {
    return name.regionMatches(true, 0, "camel", 0, 5);
  }
}

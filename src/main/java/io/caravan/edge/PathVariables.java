package io.caravan.edge;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;

/**
 * Segments of a path, and values of its query, that each exchange fills: {@code
 * /models/jobs/:handle}.
 */
final class PathVariables {

  private static final Pattern SEGMENT = Pattern.compile("(?<=[/=]):([A-Za-z]+)");

  private PathVariables() {}

  static boolean areIn(String path) {
    return path.contains("/:") || path.contains("=:");
  }

  /** The path with the values of the exchange's variables, encoded so that each is one segment. */
  static String fill(String path, Exchange exchange) {
    return SEGMENT
        .matcher(path)
        .replaceAll(found -> encoded(exchange.getVariable(found.group(1), "", String.class)));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace(
            "%3A", ":") // RFC 3986, 3.3: these need not be encoded, and not every server decodes
        .replace("%40", "@")
        .replace("%7E", "~");
  }
}

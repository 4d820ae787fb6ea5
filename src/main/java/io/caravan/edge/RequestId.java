package io.caravan.edge;

import io.vertx.core.http.HttpServerRequest;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/** The name of a call in logs and headers, here and at the service. */
public final class RequestId {

  /** Exchange property that holds it. */
  public static final String PROPERTY = "CaravanRequestId";

  /** Header that brings it, and that takes it to the service and to the client. */
  static final String HEADER = "x-request-id";

  /** What can stand in a header and in a log line without harm. */
  private static final Pattern SANE = Pattern.compile("[A-Za-z0-9._:/+=-]{1,128}");

  private RequestId() {}

  /** The client's own name for the call if it is sane, else a new one. */
  static String of(HttpServerRequest request) {
    var given = request.getHeader(HEADER);
    if (given != null && SANE.matcher(given).matches()) return given;
    var random = ThreadLocalRandom.current();
    var hex = HexFormat.of();
    return "req_" + hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
  }
}

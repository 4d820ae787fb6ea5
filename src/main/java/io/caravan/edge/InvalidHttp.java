package io.caravan.edge;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** Answers what is not HTTP, or more of it than a server takes, in OpenAI's form. */
final class InvalidHttp {

  /** What a client is told of a request that cannot be read. */
  static final String MESSAGE = "The request is not valid HTTP.";

  private InvalidHttp() {}

  /** Answers a request whose head could not be read; Vert.x closes the connection after it. */
  static void answer(HttpServerRequest request) {
    var cause = request.decoderResult().cause();
    request.response().putHeader("Connection", "close");
    if (cause instanceof TooLongHttpLineException) {
      refuse(request, 414, "url_too_long", "The request URL is too long.");
    } else if (cause instanceof TooLongHttpHeaderException) {
      refuse(request, 431, "headers_too_large", "The request headers are too large.");
    } else if (cause instanceof FramingDecoder.UnknownCoding) {
      refuse(request, 501, null, "The only Transfer-Encoding taken is 'chunked'.");
    } else if (cause instanceof FramingDecoder.UnknownVersion) {
      refuse(request, 505, null, "The only versions of HTTP taken are HTTP/1.1 and HTTP/1.0.");
    } else {
      refuse(request, 400, null, MESSAGE);
    }
  }

  private static void refuse(HttpServerRequest request, int status, String code, String message) {
    EdgeErrors.send(request.response(), status, EdgeErrors.INVALID, code, message);
  }
}

package io.caravan.edge;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.regex.Pattern;

/**
 * Refuses heads that two servers in a row could read differently, one of them seeing a second
 * request in the body of the first (RFC 9112, 3.2 and 6.3). Netty mends them in silence instead
 * (4.1.130, {@code HttpObjectDecoder#readHeaders}).
 */
final class FramingDecoder extends VertxHttpRequestDecoder {

  private static final String NAME = "httpDecoder"; // as Vert.x' HttpServerWorker calls its own

  private static final Pattern VERSION = Pattern.compile("HTTP/\\d(\\.\\d)?");

  private FramingDecoder(HttpServerOptions options) {
    super(options);
  }

  /** Takes the place of a new connection's decoder, before it has read anything. */
  static void install(HttpConnection connection, HttpServerOptions options) {
    var pipeline = ((ConnectionBase) connection).channel().pipeline();
    pipeline.replace(NAME, NAME, new FramingDecoder(options));
  }

  /** Vert.x would answer another version with an empty 501, in that version. */
  @Override
  protected HttpMessage createMessage(String[] line) {
    var version = line[2];
    if (version.equals("HTTP/1.1") || version.equals("HTTP/1.0")) return super.createMessage(line);
    throw VERSION.matcher(version).matches() ? new UnknownVersion() : new Ambiguous("no version");
  }

  /** Netty asks this when it has a whole head and has decided nothing about the body. */
  @Override
  protected boolean isContentAlwaysEmpty(HttpMessage message) {
    if (message != null) check(message.headers(), message.protocolVersion());
    return super.isContentAlwaysEmpty(message);
  }

  private static void check(HttpHeaders headers, HttpVersion version) {
    if (headers.getAll(HttpHeaderNames.HOST).size() > 1) throw new Ambiguous("two Host headers");
    if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) return;
    if (headers.contains(HttpHeaderNames.CONTENT_LENGTH)) throw new Ambiguous("two lengths");
    if (!version.equals(HttpVersion.HTTP_1_1)) throw new Ambiguous("chunks before HTTP/1.1");
    var codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.size() > 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
      throw new UnknownCoding();
    }
  }

  /** A head that can be read in more than one way. */
  private static final class Ambiguous extends IllegalArgumentException {
    Ambiguous(String what) {
      super(what);
    }
  }

  /** RFC 9112, 6.1: a transfer coding that the server does not know. */
  static final class UnknownCoding extends IllegalArgumentException {}

  /** RFC 9110, 15.6.6. */
  static final class UnknownVersion extends IllegalArgumentException {}
}

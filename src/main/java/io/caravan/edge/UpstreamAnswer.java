package io.caravan.edge;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.caravan.errors.GatewayException;
import io.caravan.errors.UpstreamError;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import io.caravan.streaming.NdjsonReader;
import io.caravan.streaming.SseReader;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;

/** Puts what a service answered into the exchange, as a tree, a stream or a failure. */
final class UpstreamAnswer {

  /** What is larger is read, and written, on a worker thread: others would wait for it. */
  private static final int ON_LOOP_BYTES = 64 << 10;

  private final Exchange exchange;
  private final AsyncCallback callback;
  private final Vertx vertx;
  private final Target target;
  private final KeyHider keys;

  UpstreamAnswer(Exchange exchange, AsyncCallback callback, Vertx vertx, Target target) {
    this.exchange = exchange;
    this.callback = callback;
    this.vertx = vertx;
    this.target = target;
    keys = new KeyHider(target.apiKey());
  }

  /** The share that the answer takes is released when the exchange is done. */
  Budget.Share counted(Budget.Share share) {
    exchange
        .getExchangeExtension()
        .addOnCompletion(
            new SynchronizationAdapter() {
              @Override
              public void onDone(Exchange done) {
                share.release();
              }
            });
    return share;
  }

  void whole(HttpClientResponse response, byte[] body) {
    if (OwnThread.mayStay(target) && body.length <= ON_LOOP_BYTES) read(response, body);
    else OwnThread.leave(vertx, target, () -> read(response, body));
  }

  private void read(HttpClientResponse response, byte[] body) {
    takeHeaders(response);
    try {
      exchange.getMessage().setBody(tree(response, body));
    } catch (GatewayException e) {
      exchange.setException(e);
    }
    callback.done(false);
  }

  void streams(HttpClientResponse response, UpstreamStream stream) {
    takeHeaders(response);
    boolean lines = UpstreamStream.isNdjson(response);
    var events = lines ? stream.through(new NdjsonReader()) : stream.through(new SseReader());
    exchange.getMessage().setBody(events.through(keys));
    callback.done(false);
  }

  void fails(RuntimeException failure) {
    exchange.setException(failure);
    callback.done(false);
  }

  private void takeHeaders(HttpClientResponse response) {
    var message = exchange.getMessage();
    message.removeHeaders("*");
    returned(response).forEach(message::setHeader);
  }

  private Map<String, String> returned(HttpClientResponse response) {
    var headers = UpstreamHeaders.toReturn(response.headers());
    headers.replaceAll((name, value) -> keys.hide(value));
    return headers;
  }

  private JsonNode tree(HttpClientResponse response, byte[] body) {
    int status = response.statusCode();
    if (status >= 400) {
      throw new GatewayException.UpstreamFailed(
          UpstreamError.of(status, keys.hide(body), returned(response)));
    }
    if (status >= 300) throw new GatewayException.BadAnswer("a redirect, status " + status);
    if (body.length == 0) return NullNode.getInstance();
    try {
      var tree = Json.read(body);
      return UpstreamError.isError(tree) ? Json.read(keys.hide(body)) : tree;
    } catch (IOException e) {
      var type = contentType(response);
      throw new GatewayException.BadAnswer(
          type.contains("json") ? "JSON that is malformed" : "no JSON but " + kind(type));
    }
  }

  private static String kind(String contentType) {
    return contentType.isEmpty() ? "unnamed bytes" : contentType;
  }

  /** The content type in lower case, empty if the service names none. */
  static String contentType(HttpClientResponse response) {
    var type = response.getHeader("Content-Type");
    return type == null ? "" : type.toLowerCase(Locale.ROOT).replaceFirst(";.*", "").strip();
  }
}

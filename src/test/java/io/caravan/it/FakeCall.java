package io.caravan.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOption;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** One call that the fake got: what came, and the hands to answer it, from any thread. */
final class FakeCall {

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Buffer body;
  private final CompletableFuture<Void> left = new CompletableFuture<>();
  private final Context loop = Vertx.currentContext();

  FakeCall(HttpServerRequest request, Buffer body) {
    this.request = request;
    this.response = request.response();
    this.body = body;
    response.closeHandler(v -> left.complete(null));
    response.exceptionHandler(e -> left.complete(null));
  }

  /** Runs something on the thread that writes, where a full queue shows at once. */
  void onItsThread(Runnable action) {
    loop.runOnContext(v -> action.run());
  }

  String uri() {
    return request.uri();
  }

  MultiMap headers() {
    return request.headers();
  }

  String header(String name) {
    return request.getHeader(name);
  }

  String text() {
    return body.toString(StandardCharsets.UTF_8);
  }

  JsonNode tree() {
    try {
      return Json.read(body.getBytes());
    } catch (IOException e) {
      throw new AssertionError("the fake got no JSON: " + text(), e);
    }
  }

  /** Whether the caller gives up within a time. */
  boolean isLeftWithin(Duration time) throws InterruptedException, ExecutionException {
    try {
      left.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /** Whether the caller has given up by the time that one more event is sent. */
  boolean isLeftWhenSent(String data) {
    if (left.isDone()) return true;
    if (!response.isChunked()) return false; // the fake has not begun its stream yet
    response.write("data: " + data + "\n\n");
    return left.isDone();
  }

  void json(int status, String json, String... headers) {
    answer(status, "application/json", json, headers);
  }

  void answer(int status, String type, String text, String... headers) {
    response.setStatusCode(status);
    if (type != null) response.putHeader("Content-Type", type);
    for (int i = 0; i < headers.length; i += 2) response.putHeader(headers[i], headers[i + 1]);
    response.end(Buffer.buffer(text));
  }

  /** Sends the head of a stream, and nothing yet. */
  FakeCall stream(String type) {
    response.setChunked(true).putHeader("Content-Type", type).write(Buffer.buffer());
    return this;
  }

  FakeCall stream() {
    return stream("text/event-stream");
  }

  FakeCall event(String data) {
    return send("data: " + data + "\n\n");
  }

  FakeCall send(String text) {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends bytes as one write and waits until they are on their way. */
  FakeCall send(byte[] bytes) {
    response.write(Buffer.buffer(bytes)).toCompletionStage().toCompletableFuture().join();
    return this;
  }

  /** Sends bytes past the server's own HTTP, such as an interim answer. */
  FakeCall raw(String bytes) {
    var pipeline = ((ConnectionBase) request.connection()).channel().pipeline();
    var buffer = Unpooled.copiedBuffer(bytes, StandardCharsets.UTF_8);
    pipeline.firstContext().writeAndFlush(buffer).syncUninterruptibly();
    return this;
  }

  /** The response itself, for what is not worth a method. */
  HttpServerResponse response() {
    return response;
  }

  void end() {
    response.end();
  }

  /** Ends an OpenAI stream as it should be ended. */
  void done() {
    event(Requests.lastChunk()).event("[DONE]").end();
  }

  /** Closes the connection, whatever was promised. */
  void close() {
    request.connection().close();
  }

  /** Resets the connection (RST). */
  void reset() {
    var channel = ((ConnectionBase) request.connection()).channel();
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    channel.close();
  }
}

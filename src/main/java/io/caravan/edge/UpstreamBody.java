package io.caravan.edge;

import io.caravan.errors.GatewayException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpClientRequest;
import java.util.function.Consumer;

/** Sends what a request carries: nothing, JSON, or a file piece by piece. */
final class UpstreamBody {

  private UpstreamBody() {}

  static void send(
      Vertx vertx,
      UpstreamRequest request,
      HttpClientRequest to,
      Consumer<RuntimeException> failed) {
    if (request.file() != null) {
      file(vertx, request.file().toString(), to, failed);
    } else if (request.body() == null) {
      to.end();
    } else {
      to.putHeader("Content-Type", "application/json");
      to.end(Buffer.buffer(request.body()));
    }
  }

  private static void file(
      Vertx vertx, String path, HttpClientRequest to, Consumer<RuntimeException> failed) {
    var options = new OpenOptions().setRead(true).setWrite(false).setCreate(false);
    vertx
        .fileSystem()
        .open(path, options)
        .compose(file -> file.size().compose(size -> send(file, size, to)))
        .onFailure(e -> failed.accept(new GatewayException.Unavailable("A file was lost.", 5)));
  }

  private static io.vertx.core.Future<?> send(AsyncFile file, long size, HttpClientRequest to) {
    to.putHeader("Content-Type", "application/octet-stream");
    to.putHeader("Content-Length", String.valueOf(size));
    // a service that answers early, because it has the file, is heard by the call itself
    return file.pipeTo(to).otherwiseEmpty().onComplete(sent -> file.close());
  }
}

package io.caravan;

import io.caravan.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.util.concurrent.CompletableFuture;
import org.slf4j.LoggerFactory;

/**
 * What takes long at a start and needs no setting: it is begun on threads of its own beside all
 * else, which takes a third off a start on two cores.
 *
 * @param routes the shipped routes
 * @param vertx what serves and calls, with its native code
 */
record Ahead(ShippedRoutes routes, CompletableFuture<Vertx> vertx) {

  /** Vert.x reads no files for us; otherwise it leaves a folder behind when it is killed. */
  private static final FileSystemOptions NO_FILES =
      new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

  static Ahead begin() {
    LoggerFactory.getILoggerFactory(); // who asks while another thread sets it up gets a substitute
    var routes = new ShippedRoutes();
    var vertx = CompletableFuture.supplyAsync(Ahead::made);
    CompletableFuture.runAsync(Json::object); // its first use loads some 300 classes
    return new Ahead(routes, vertx);
  }

  private static Vertx made() {
    return Vertx.vertx(
        new VertxOptions().setPreferNativeTransport(true).setFileSystemOptions(NO_FILES));
  }
}

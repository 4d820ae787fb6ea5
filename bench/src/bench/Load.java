package bench;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The load generator: one event loop, so that no client state needs a lock. */
final class Load implements AutoCloseable {

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
  private final Context loop = vertx.getOrCreateContext();
  private final NetClient client = vertx.createNetClient();

  NetClient client() {
    return client;
  }

  void onLoop(Runnable task) {
    loop.runOnContext(ignored -> task.run());
  }

  /** Runs a task on the loop and waits for it. */
  void onLoopAndWait(Runnable task) throws Exception {
    ask(
        () -> {
          task.run();
          return true;
        });
  }

  /** Runs a task after a while; only the loop calls this. */
  long later(long millis, Runnable task) {
    return vertx.setTimer(millis, id -> task.run());
  }

  void cancel(long timer) {
    vertx.cancelTimer(timer);
  }

  /** Asks the loop for a value. */
  <T> T ask(Supplier<T> question) throws Exception {
    var answer = new CompletableFuture<T>();
    onLoop(() -> answer.complete(question.get()));
    return answer.get(30, TimeUnit.SECONDS);
  }

  /** Waits for a moment of {@link System#nanoTime}, far finer than a timer of the loop. */
  static void sleepUntil(long nanos) {
    for (long left; (left = nanos - System.nanoTime()) > 0; ) LockSupport.parkNanos(left);
  }

  @Override
  public void close() {
    vertx.close();
  }
}

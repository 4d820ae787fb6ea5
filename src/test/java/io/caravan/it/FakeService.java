package io.caravan.it;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A service that does what a test says: each method and path has a script, and a call without one
 * is held until the test answers it by hand. Model lists are there from the start.
 */
final class FakeService implements AutoCloseable {

  private static final Consumer<FakeCall> HELD = call -> {};

  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Map<String, Consumer<FakeCall>> scripts = new ConcurrentHashMap<>();
  private final BlockingQueue<FakeCall> calls = new LinkedBlockingQueue<>();

  private final String scheme;

  private FakeService(HttpServerOptions options) {
    server = vertx.createHttpServer(options).requestHandler(this::take);
    scheme = options.isSsl() ? "https" : "http";
  }

  static FakeService start() {
    return start(new HttpServerOptions());
  }

  static FakeService start(HttpServerOptions options) {
    var fake = new FakeService(options);
    fake.server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().join();
    fake.models("m");
    return fake;
  }

  String url() {
    return scheme + "://127.0.0.1:" + server.actualPort();
  }

  /** Sets a script, for example for {@code POST /v1/embeddings}. */
  FakeService on(String methodAndPath, Consumer<FakeCall> script) {
    scripts.put(methodAndPath, script);
    return this;
  }

  FakeService onChat(Consumer<FakeCall> script) {
    return on("POST /v1/chat/completions", script);
  }

  /** Lists models as an OpenAI service does. */
  FakeService models(String... ids) {
    var list = new StringBuilder();
    for (var id : ids) {
      list.append(list.isEmpty() ? "" : ",");
      list.append("{'id':'%s','object':'model','created':7,'owned_by':'fake'}".formatted(id));
    }
    var body = Requests.json("{'object':'list','data':[" + list + "]}");
    return on("GET /v1/models", call -> call.json(200, body));
  }

  /** Holds all calls again, but for the model lists, and forgets those that came. */
  void forget() {
    scripts.keySet().removeIf(key -> !key.startsWith("GET "));
    calls.clear();
  }

  /** Forgets the calls that came; the scripts stay. */
  void forgetCalls() {
    calls.clear();
  }

  /** The oldest call that no test has looked at yet; a GET is never one. */
  FakeCall next() throws InterruptedException {
    var call = calls.poll(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (call == null) throw new AssertionError("no call came");
    return call;
  }

  /** How many calls wait to be looked at. */
  int waiting() {
    return calls.size();
  }

  private void take(HttpServerRequest request) {
    request.body().onSuccess(body -> run(request, body));
  }

  private void run(HttpServerRequest request, Buffer body) {
    var call = new FakeCall(request, body);
    var name = request.method().name();
    if (!name.equals("GET")) calls.add(call);
    var script = scripts.getOrDefault(name + " " + request.path(), HELD);
    // a script may wait for its own writes, which an event loop must not
    vertx.<Void>executeBlocking(
        () -> {
          script.accept(call);
          return null;
        },
        false);
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
  }
}

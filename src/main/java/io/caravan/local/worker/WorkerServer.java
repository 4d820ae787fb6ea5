package io.caravan.local.worker;

import io.caravan.edge.AsyncHttpEngine;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpRouter;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServer;
import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpServerConfiguration;
import org.apache.camel.main.Main;

/**
 * The Camel application of a worker: two route files on a loopback port that nobody had. Few
 * threads of its own: the cores are for llama.cpp.
 */
final class WorkerServer {

  /** More text than any context holds, and little enough for the worker's small heap. */
  private static final long MAX_BODY_BYTES = 16L << 20;

  private static final int ANY_PORT = 0;

  private final Main main = new Main();
  private final AsyncHttpEngine engine = new AsyncHttpEngine(MAX_BODY_BYTES);
  private final VertxPlatformHttpServer server = new VertxPlatformHttpServer(configuration());

  WorkerServer(LlamaProcessor llama) {
    main.setDefaultPropertyPlaceholderLocation("false"); // the gateway's settings are not ours
    main.configure()
        .withAutoConfigurationEnvironmentVariablesEnabled(false)
        .withRoutesIncludePattern(
            "classpath:routes/worker/llama.camel.yaml,classpath:routes/worker/tokens.camel.yaml")
        .withJmxEnabled(false)
        .withUseMdcLogging(false)
        .withStreamCachingEnabled(false)
        .withShutdownTimeout(1);
    main.bind("llama", llama);
    main.bind("platform-http-engine", engine);
    main.bind("server", server);
    main.bind(
        "vertx", Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(4)));
  }

  /** Returns when the port is open. */
  void start() throws Exception {
    main.init();
    var context = main.getCamelContext();
    server.setCamelContext(context);
    server.start();
    // the server files its router under the port asked for, the engine looks under the port given
    var router = VertxPlatformHttpRouter.lookup(context, routerName(ANY_PORT));
    context.getRegistry().bind(routerName(server.getPort()), router);
    main.start();
  }

  int port() {
    return server.getPort();
  }

  /** Calls that are not wholly answered. */
  int inFlight() {
    return engine.inFlight();
  }

  private static String routerName(int port) {
    return VertxPlatformHttpRouter.getRouterNameFromPort(port);
  }

  private static VertxPlatformHttpServerConfiguration configuration() {
    var configuration = new VertxPlatformHttpServerConfiguration();
    configuration.setBindHost("127.0.0.1");
    configuration.setBindPort(ANY_PORT);
    configuration.setMaxBodySize(MAX_BODY_BYTES);
    configuration.getBodyHandler().setHandleFileUploads(false);
    return configuration;
  }
}

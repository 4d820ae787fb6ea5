package io.caravan.local.worker;

import io.caravan.edge.AsyncHttpEngine;
import io.caravan.edge.ServerOptions;
import io.caravan.inbound.ErrorWriter;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import org.apache.camel.main.Main;

/**
 * The Camel application of a worker: two route files on a loopback port that nobody had. Few
 * threads of its own: the cores are for llama.cpp.
 */
final class WorkerServer {

  private static final int ANY_PORT = 0;

  /** More text than any context holds, and little enough for the worker's small heap. */
  private static final long MAX_BODY_BYTES = 16L << 20;

  /** What is read and cut into tokens in less time than it takes to hand it to another thread. */
  private static final int ON_LOOP_BYTES = 8 << 10;

  /** The gateway is the only client, and keeps its connections open. */
  private static final Duration IDLE = Duration.ofMinutes(10);

  /** Nothing is read or unpacked by Vert.x, so it needs no folder for that. */
  private static final FileSystemOptions NO_FILES =
      new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

  private final Main main = new Main();
  private final AsyncHttpEngine engine =
      new AsyncHttpEngine(
          Vertx.vertx(
              new VertxOptions()
                  .setEventLoopPoolSize(1)
                  .setWorkerPoolSize(4)
                  .setFileSystemOptions(NO_FILES)),
          new ServerOptions("127.0.0.1", ANY_PORT, MAX_BODY_BYTES, IDLE, 1, ON_LOOP_BYTES),
          new ErrorWriter());

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
  }

  /** Returns when the port is open. */
  void start() throws Exception {
    main.start();
    engine.open();
  }

  int port() {
    return engine.getServerPort();
  }

  /** Calls that are not wholly answered. */
  int inFlight() {
    return engine.inFlight();
  }
}

package io.caravan.local.worker;

import io.caravan.local.Gguf;
import io.caravan.local.GgufException;
import io.caravan.local.WorkerSignals;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The main class of a worker: one model, one process, ended when the gateway ends. The arguments
 * are {@link WorkerOptions}. The first line of standard input is the secret; its end is the
 * gateway's end.
 */
public final class LlamaWorker {

  /**
   * The gateway sends no more requests than there are slots; what waits here are the other answers
   * of a request for several, and the gateway's time limits end it.
   */
  private static final Duration PATIENCE = Duration.ofHours(1);

  private static final Duration TEMPLATE = Duration.ofSeconds(10);

  private final PrintStream signals;
  private final BufferedReader gateway;
  private volatile boolean ready;

  private LlamaWorker(PrintStream signals) {
    this.signals = signals;
    gateway = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
  }

  /** Standard output is for the signals alone: what libraries print there is noise. */
  public static void main(String[] args) {
    var worker = new LlamaWorker(System.out);
    System.setOut(new PrintStream(OutputStream.nullOutputStream()));
    try {
      worker.run(WorkerOptions.of(args));
    } catch (GgufException | Llama.LoadException e) {
      worker.fail(e.getMessage());
    } catch (Exception e) {
      e.printStackTrace();
      worker.fail("an unexpected failure; the log says more.");
    }
  }

  /** The model loads while Camel starts: each takes about as long as the other. */
  private void run(WorkerOptions options) throws Exception {
    var secret = gateway.readLine();
    var gguf = Gguf.read(options.file());
    var slots = slots(options.slots(gguf));
    var ending = new Ending(slots);
    daemon("gateway", () -> haltWithGateway(ending));
    var loading = new CompletableFuture<Llama>();
    daemon("load", () -> load(loading, gguf, options));
    var rendering = new Rendering(TEMPLATE, () -> endless(ending));
    var processor =
        new LlamaProcessor(loading, slots, rendering, new Gate(secret), options, Clock.systemUTC());
    var server = new WorkerServer(processor);
    server.start();
    awaitModel(loading);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ending.drained(server), "drain"));
    Rehearsal.run(loading.join(), server.port(), secret);
    ready = true;
    signals.println(WorkerSignals.READY + server.port());
  }

  private Slots slots(int parallel) {
    return new Slots(parallel, parallel * PromptInput.MAX_ANSWERS, PATIENCE, this::busy);
  }

  private static void load(CompletableFuture<Llama> loading, Gguf gguf, WorkerOptions options) {
    try {
      loading.complete(new Llama(gguf, options));
    } catch (Exception | LinkageError e) {
      loading.completeExceptionally(e);
    }
  }

  private static void awaitModel(CompletableFuture<Llama> loading) throws Exception {
    try {
      loading.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private void busy(boolean now) {
    if (ready) signals.println(now ? WorkerSignals.BUSY : WorkerSignals.IDLE);
  }

  /** Runs even when the gateway was killed: the end of the pipe is the end of the gateway. */
  private void haltWithGateway(Ending ending) {
    try {
      while (gateway.readLine() != null) {}
    } catch (IOException e) {
      // the same as its end
    }
    ending.atOnce();
  }

  /** The client is told before the process ends; nothing else ends a template. */
  private void endless(Ending ending) {
    signals.println(WorkerSignals.FAILED + "its chat template does not come to an end.");
    ending.soon();
  }

  private void fail(String reason) {
    signals.println(WorkerSignals.FAILED + reason);
    signals.flush();
    Runtime.getRuntime().halt(1);
  }

  private static void daemon(String name, Runnable work) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }
}

package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker's process. It is told its secret in the first line of its standard input, which stays
 * open for as long as the gateway lives; it tells what it does in lines of standard output.
 */
final class WorkerJvm implements WorkerLauncher.WorkerProcess {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerJvm.class);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final String model;
  private final String secret = newSecret();
  private final CompletableFuture<WorkerAddress> ready = new CompletableFuture<>();
  private final Process process;
  private volatile Instant idleSince = Instant.MIN;

  WorkerJvm(String model, ProcessBuilder builder) throws IOException {
    this.model = model;
    process = builder.start();
    tellSecret(process.getOutputStream());
    daemon("worker-" + model, this::readLines);
    daemon("worker-" + model + "-log", this::logErrors);
  }

  @Override
  public CompletableFuture<WorkerAddress> ready() {
    return ready;
  }

  @Override
  public CompletableFuture<Integer> exited() {
    return process.onExit().thenApply(Process::exitValue);
  }

  @Override
  public Optional<Instant> idleSince() {
    return Optional.ofNullable(idleSince);
  }

  @Override
  public void end() {
    process.destroy();
  }

  @Override
  public void kill() {
    process.destroyForcibly();
  }

  /** A write that fails needs no handling here: the process is gone, and its end is noticed. */
  private void tellSecret(OutputStream in) {
    try {
      in.write((secret + "\n").getBytes(StandardCharsets.US_ASCII));
      in.flush();
    } catch (IOException e) {
      process.destroyForcibly();
    }
  }

  private static void daemon(String name, Runnable work) {
    var thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** llama.cpp writes what it has to say where nobody asked for it; it belongs into the log. */
  private void logErrors() {
    try (var lines = new BufferedReader(process.errorReader(StandardCharsets.UTF_8))) {
      lines.lines().forEach(line -> LOG.debug("{}: {}", model, line));
    } catch (IOException | UncheckedIOException e) {
      LOG.debug("{}: its log ended: {}", model, e.getMessage());
    }
  }

  private void readLines() {
    try (var lines = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
      lines.lines().forEach(this::read);
    } catch (IOException | UncheckedIOException e) {
      process.destroyForcibly(); // a worker that cannot be heard cannot be looked after
    }
  }

  /** Callers go on in a pool, so that none can keep this thread from reading on. */
  private void read(String line) {
    if (line.startsWith(WorkerSignals.READY)) {
      var url = "http://127.0.0.1:" + line.substring(WorkerSignals.READY.length());
      ready.completeAsync(() -> new WorkerAddress(url, secret));
    } else if (line.startsWith(WorkerSignals.FAILED)) {
      var message = "The model `" + model + "` could not be loaded: ";
      ready.completeExceptionally(
          new GatewayException.Unavailable(
              message + line.substring(WorkerSignals.FAILED.length()), 5));
    } else if (line.equals(WorkerSignals.BUSY)) {
      idleSince = null;
    } else if (line.equals(WorkerSignals.IDLE)) {
      idleSince = Instant.now();
    }
  }

  private static String newSecret() {
    var bytes = new byte[24];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}

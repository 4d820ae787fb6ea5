package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running llama-server. What it logs while it loads tells its port and where the model is. */
final class LlamaServer implements WorkerLauncher.WorkerProcess {

  private static final Logger LOG = LoggerFactory.getLogger(LlamaServer.class);
  private static final Pattern LISTENS =
      Pattern.compile("listening on http://127\\.0\\.0\\.1:(\\d+)");
  private static final Pattern PREFIX = Pattern.compile("^[\\d.]+ E \\S+\\s+\\S+: ");
  private static final long PAUSE_NANOS = 50_000_000;

  private final LocalModel model;
  private final String secret;
  private final CompletableFuture<WorkerAddress> ready = new CompletableFuture<>();
  private final CompletableFuture<Integer> exited;
  private final ChildProcess process;
  private final LoadLog log;
  private volatile String complaint = "";

  LlamaServer(
      LocalModel model, Callable<ProcessBuilder> command, String secret, Placement placement) {
    this.model = model;
    this.secret = secret;
    this.log = new LoadLog(placement);
    process = new ChildProcess(model.name(), command, "", this::read, line -> {});
    exited = process.exited().thenApply(this::ended);
    process.start();
  }

  @Override
  public CompletableFuture<WorkerAddress> ready() {
    return ready;
  }

  @Override
  public CompletableFuture<Integer> exited() {
    return exited;
  }

  /** It does not tell: a request that it did not answer is sent to its successor, once. */
  @Override
  public boolean working() {
    return false;
  }

  @Override
  public Placement placement() {
    return log.placement();
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void end() {
    process.end();
  }

  @Override
  public void kill() {
    process.kill();
  }

  private void read(String line) {
    LOG.debug("{}: {}", model.name(), line);
    if (ready.isDone()) return;
    var listens = LISTENS.matcher(line);
    if (listens.find()) {
      var url = "http://127.0.0.1:" + listens.group(1);
      ChildProcess.daemon("worker-" + model.name() + "-health", () -> awaitHealth(url));
    } else if (!log.read(line) && PREFIX.matcher(line).find() && complaint.isEmpty()) {
      complaint = ": " + PREFIX.matcher(line).replaceFirst("");
    }
  }

  private void awaitHealth(String url) {
    while (!process.exited().isDone()) {
      if (isHealthy(url)) {
        ready.complete(new WorkerAddress(url, secret));
        return;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static boolean isHealthy(String url) {
    try {
      var call = (HttpURLConnection) URI.create(url + "/health").toURL().openConnection();
      call.setConnectTimeout(1000);
      call.setReadTimeout(1000);
      return call.getResponseCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Its own words, which name the file by its path; clients are told its name. */
  private int ended(int status) {
    var words = complaint.replace(model.path().toAbsolutePath().toString(), model.file());
    var message = "The model `%s` could not be loaded: llama-server ended with status %d%s.";
    ready.completeExceptionally(
        new GatewayException.Unavailable(message.formatted(model.name(), status, words), 5));
    return status;
  }
}

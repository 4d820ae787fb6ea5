package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker of ours. It is told its secret in the first line of its standard input, which stays open
 * for as long as the gateway lives; it tells what it does in lines of standard output.
 */
final class WorkerJvm implements WorkerLauncher.WorkerProcess {

  private static final Logger LOG = LoggerFactory.getLogger(WorkerJvm.class);

  private final String model;
  private final String secret = Secret.fresh();
  private final LoadLog log;
  private final CompletableFuture<WorkerAddress> ready = new CompletableFuture<>();
  private final ChildProcess process;
  private final CompletableFuture<Integer> exited;
  private volatile WorkerFolder folder;
  private volatile boolean working;

  WorkerJvm(String model, Command command, Placement placement) {
    this.model = model;
    this.log = new LoadLog(placement);
    process = new ChildProcess(model, () -> prepared(command), secret, this::read, log::read);
    exited = process.exited().thenApply(this::ended);
    process.start();
  }

  /** How the process is started. */
  interface Command {
    ProcessBuilder in(WorkerFolder folder) throws IOException;
  }

  private ProcessBuilder prepared(Command command) throws IOException {
    folder = WorkerFolder.make();
    return command.in(folder);
  }

  private int ended(int status) {
    var left = folder;
    if (left != null) left.delete(model);
    return status;
  }

  @Override
  public CompletableFuture<WorkerAddress> ready() {
    return ready;
  }

  @Override
  public CompletableFuture<Integer> exited() {
    return exited;
  }

  @Override
  public boolean working() {
    return working;
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

  /** Callers go on in a pool, so that none can keep this thread from reading on. */
  private void read(String line) {
    if (line.startsWith(WorkerSignals.READY)) {
      var url = "http://127.0.0.1:" + line.substring(WorkerSignals.READY.length());
      ready.completeAsync(() -> new WorkerAddress(url, secret));
    } else if (line.startsWith(WorkerSignals.FAILED)) {
      if (ready.isDone()) LOG.warn("{} {}", model, line);
      var message = "The model `" + model + "` could not be loaded: ";
      ready.completeExceptionally(
          new GatewayException.Unavailable(
              message + line.substring(WorkerSignals.FAILED.length()), 5));
    } else if (line.equals(WorkerSignals.BUSY)) {
      working = true;
    } else if (line.equals(WorkerSignals.IDLE)) {
      working = false;
    }
  }
}

package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The GGUF models in the model folders and the processes that run them: one for each loaded model,
 * started when it is first wanted. Nothing here waits; every method but {@link #close} returns at
 * once and may be called from any thread.
 */
public final class LocalModels implements AutoCloseable {

  private static final int CLOSE_SECONDS = 8;
  private static final int RETRY_SECONDS = 5;

  /**
   * @param load how long a model may take to load
   * @param loaded how many models may be in memory at a time
   */
  public record Limits(Duration load, int loaded) {}

  private static final Logger LOG = LoggerFactory.getLogger(LocalModels.class);

  private final ModelFolders folders;
  private final Limits limits;
  private final WorkerLauncher launcher;
  private final Clock clock;
  private final Map<Path, Worker> workers = new HashMap<>();
  private final Map<Path, Crashes> crashes = new HashMap<>();
  private boolean closed;

  public LocalModels(List<Path> folders, Limits limits, WorkerLauncher launcher, Clock clock) {
    this.folders = new ModelFolders(folders);
    this.limits = limits;
    this.launcher = launcher;
    this.clock = clock;
  }

  /** Every GGUF file in the folders, whether it runs, and why not if it cannot. */
  public List<LocalModel> models() {
    return folders.models().stream().map(this::withState).toList();
  }

  /** The model of a short name, a file name, or a file name without {@code .gguf}. */
  public Optional<LocalModel> find(String name) {
    return models().stream().filter(model -> model.answersTo(name)).findFirst();
  }

  /**
   * The address of a model's worker, which is started if it does not run. Fails with a {@link
   * GatewayException}: no such model, or not available, saying why and when to try again.
   */
  public CompletionStage<WorkerAddress> start(String name) {
    try {
      return start(find(name).orElseThrow(() -> new GatewayException.ModelNotFound(name)));
    } catch (GatewayException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** Ends a model's process; one that loads ends at once. */
  public synchronized CompletionStage<Void> unload(String name) {
    var model = find(name);
    if (model.isEmpty()) {
      return CompletableFuture.failedStage(new GatewayException.ModelNotFound(name));
    }
    var worker = workers.get(model.get().path());
    return worker == null ? CompletableFuture.completedStage(null) : worker.end();
  }

  /** Ends all workers and waits for it, for a bounded time. No model can be started afterwards. */
  @Override
  public void close() {
    List<Worker> ending;
    synchronized (this) {
      closed = true;
      ending = new ArrayList<>(workers.values());
    }
    var gone = ending.stream().map(Worker::end).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(gone).completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS).join();
  }

  private synchronized CompletionStage<WorkerAddress> start(LocalModel model) {
    if (closed) throw new GatewayException.Unavailable("The gateway is shutting down.", 5);
    var running = workers.get(model.path());
    if (running != null && !running.ending()) return running.use();
    if (model.gguf() == null) throw refused(model);
    var past = crashes.computeIfAbsent(model.path(), path -> new Crashes(clock));
    if (past.secondsLeft() > 0) {
      throw new GatewayException.Unavailable(past.reason(), past.secondsLeft());
    }
    var room = running != null ? running.gone() : makeRoom(model);
    var worker = new Worker(model, clock);
    workers.put(model.path(), worker);
    worker.gone().thenRun(() -> gone(worker));
    room.thenRun(() -> launch(worker));
    return worker.use();
  }

  /** Completes when there is room for one more model; ends an idle one if there is none. */
  private CompletableFuture<Void> makeRoom(LocalModel wanted) {
    long taken = workers.values().stream().filter(worker -> !worker.ending()).count();
    if (taken < limits.loaded) return CompletableFuture.completedFuture(null);
    return workers.values().stream()
        .filter(Worker::idle)
        .min(Comparator.comparing(Worker::lastUsed))
        .map(Worker::end)
        .orElseThrow(() -> full(wanted));
  }

  private void launch(Worker worker) {
    try {
      worker.launch(launcher, limits.load);
    } catch (GatewayException e) {
      worker.over(e.getMessage());
    }
  }

  private synchronized void gone(Worker worker) {
    var path = worker.model().path();
    workers.remove(path, worker);
    if (worker.ending() || closed) {
      crashes.remove(path);
      return;
    }
    crashes.get(path).happened(worker.age(), worker.failure());
    LOG.warn("{}", worker.failure());
  }

  /** Starts no model any more; one that ends from now on has not crashed. */
  public synchronized void stopping() {
    closed = true;
  }

  private synchronized LocalModel withState(LocalModel model) {
    var worker = workers.get(model.path());
    if (worker != null && !worker.ending()) {
      var state = worker.loaded() ? LocalModel.State.LOADED : LocalModel.State.LOADING;
      return model.in(state, null);
    }
    var past = crashes.get(model.path());
    if (past == null || past.reason() == null) return model;
    return model.in(LocalModel.State.ERROR, past.reason());
  }

  private static GatewayException refused(LocalModel model) {
    var message = "The model `" + model.name() + "` cannot be loaded: " + model.error() + ".";
    return new GatewayException.Unavailable(message, RETRY_SECONDS);
  }

  private GatewayException full(LocalModel wanted) {
    var message = "The model `%s` cannot be loaded now: %d models are loaded and all are busy.";
    return new GatewayException.Unavailable(
        message.formatted(wanted.name(), limits.loaded), RETRY_SECONDS);
  }
}

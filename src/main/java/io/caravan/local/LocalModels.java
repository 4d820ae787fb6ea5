package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * The GGUF models in the model folders and the processes that run them: one for each loaded model,
 * started when it is first wanted. Nothing here waits; every method but {@link #close} returns at
 * once and may be called from any thread.
 */
public final class LocalModels implements AutoCloseable {

  private static final int CLOSE_SECONDS = 8;

  /**
   * @param load how long a model may take to load
   * @param loaded how many models may be in memory at a time
   * @param waiting how many requests may wait for models
   * @param patience how long a request waits for room
   * @param idle after how long without use a model is unloaded, zero for never
   * @param threads processor cores for each model, 0 for a share of those that there are
   * @param cores processor cores that there are
   */
  public record Limits(
      Duration load,
      int loaded,
      int waiting,
      Duration patience,
      Duration idle,
      int threads,
      int cores) {

    /** The usual ones beside these. */
    public Limits(Duration load, int loaded) {
      this(load, loaded, 256, Duration.ofMinutes(1), Duration.ZERO, 0, processors());
    }

    private static int processors() {
      return Runtime.getRuntime().availableProcessors();
    }
  }

  private final Inventory inventory;
  private final Admission admission;
  private final Limits limits;
  private final Memory memory;
  private final Prewarming prewarming;

  public LocalModels(List<Path> folders, Limits limits, WorkerLauncher launcher, Clock clock) {
    this(new ModelFolders(folders, false, clock), limits, launcher, Memory.UNLIMITED, clock);
  }

  LocalModels(
      ModelFolders folders, Limits limits, WorkerLauncher launcher, Memory memory, Clock clock) {
    this.limits = limits;
    this.memory = memory;
    this.prewarming =
        launcher instanceof Prewarming warm
            ? warm
            : new Prewarming(launcher, new PromptCache(null, 0, 0));
    this.admission = new Admission(limits, new Fleet(limits, launcher, memory, clock), clock);
    this.inventory = new Inventory(folders, launcher, admission);
  }

  /**
   * Every GGUF model in the folders, whether it runs, and why not if it cannot; and those that run
   * although their files are gone.
   */
  public List<LocalModel> models() {
    return inventory.models();
  }

  /** The model of a short name, a file name, or a file name without {@code .gguf}. */
  public Optional<LocalModel> find(String name) {
    return inventory.find(name);
  }

  /**
   * The right to use a model, which is loaded if it is not. Fails with a {@link GatewayException}:
   * no such model, or not available, saying why and when to try again. Whoever cancels the future
   * gives up the place in the queue.
   */
  public CompletableFuture<Lease> use(String name) {
    return ask(name, null);
  }

  /**
   * Loads a model in a certain way, also if it is loaded in another way. The lease does not keep
   * it. Whoever fails the future with {@link GatewayException.Cancelled} ends the loading, unless
   * somebody else waits for it.
   */
  public CompletableFuture<Lease> load(String name, LoadOptions options) {
    return ask(name, options);
  }

  /** Loads a model as it was loaded before, if it is not loaded. */
  public CompletionStage<WorkerAddress> start(String name) {
    return load(name, LoadOptions.CONFIGURED).thenApply(Lease::address);
  }

  /** Ends a model's process, once it has served what it serves; one that loads ends at once. */
  public CompletionStage<Void> unload(String name) {
    return find(name)
        .map(model -> admission.unload(model.path()))
        .orElseGet(() -> CompletableFuture.failedFuture(new GatewayException.ModelNotFound(name)));
  }

  /** To be called every second. */
  public void tick() {
    admission.tick();
  }

  /** Starts no model any more; one that ends from now on has not crashed. */
  public void stopping() {
    admission.stopping();
  }

  /** Ends all workers and waits for it, for a bounded time. No model can be started afterwards. */
  @Override
  public void close() {
    stopping();
    var gone = admission.workers().stream().map(Worker::end).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(gone).completeOnTimeout(null, CLOSE_SECONDS, TimeUnit.SECONDS).join();
  }

  Prewarming prewarming() {
    return prewarming;
  }

  Memory memory() {
    return memory;
  }

  Limits limits() {
    return limits;
  }

  List<Path> folders() {
    return inventory.folders();
  }

  Admission admission() {
    return admission;
  }

  private CompletableFuture<Lease> ask(String name, LoadOptions wish) {
    try {
      return admission.ask(inventory.wanted(name), wish);
    } catch (GatewayException e) {
      return CompletableFuture.failedFuture(e);
    }
  }
}

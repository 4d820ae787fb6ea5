package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The GGUF models in the model folders and the processes that run them: one for each loaded model,
 * started when it is first wanted. Nothing here waits; every method but {@link #close} returns at
 * once and may be called from any thread.
 */
public final class LocalModels implements AutoCloseable {

  private static final int CLOSE_SECONDS = 8;

  private final Inventory inventory;
  private final Admission admission;
  private final Limits limits;
  private final Memory memory;
  private final Prewarming prewarming;
  private final Asking asking;

  public LocalModels(List<Path> folders, Limits limits, WorkerLauncher launcher, Clock clock) {
    this(
        new ModelFolders(folders, false, clock),
        limits,
        launcher,
        Memory.UNLIMITED,
        clock,
        Desk.ofThreads());
  }

  LocalModels(
      ModelFolders folders,
      Limits limits,
      WorkerLauncher launcher,
      Memory memory,
      Clock clock,
      Desk desk) {
    this.limits = limits;
    this.memory = memory;
    this.prewarming =
        launcher instanceof Prewarming warm
            ? warm
            : new Prewarming(launcher, new PromptCache(null, 0, 0), true);
    var fleet = new Fleet(limits, launcher, memory, clock);
    this.admission = new Admission(limits, fleet, clock, desk.turns());
    this.inventory = new Inventory(folders, launcher, admission);
    this.asking = new Asking(inventory, admission, desk.looks());
  }

  /** Every GGUF model, whether it runs, and why not if it cannot; also without its file. */
  public List<LocalModel> models() {
    return inventory.models();
  }

  /** The model of a short name, a file name, or a file name without {@code .gguf}. */
  public Optional<LocalModel> find(String name) {
    return inventory.find(name);
  }

  /** The loaded model of a name, if it takes requests. Reads no files. */
  Optional<LocalModel> running(String name) {
    return inventory.running(name);
  }

  /** The loaded models that take requests. Reads no files. */
  Stream<LocalModel> running() {
    return inventory.running();
  }

  /**
   * The right to use a model, which is loaded if it is not; it may still have to wait for a slot.
   * Fails with a {@link GatewayException} saying why and when to try again. Whoever cancels the
   * future gives up the place in the queue.
   */
  public CompletableFuture<Lease> use(String name) {
    return use(name, Claim.GENERATE);
  }

  CompletableFuture<Lease> use(String name, Claim claim) {
    return asking.ask(name, claim, model -> {});
  }

  /**
   * Loads a model in a certain way, also if it is loaded in another way. The lease does not keep
   * it. Whoever fails the future with {@link GatewayException.Cancelled} ends the loading, unless
   * somebody else waits for it.
   */
  public CompletableFuture<Lease> load(String name, LoadOptions options) {
    return load(name, options, model -> {});
  }

  /**
   * The same, but nothing is done if the check throws a {@link GatewayException}.
   *
   * @param check whether the model is good for what it is wanted for
   */
  CompletableFuture<Lease> load(String name, LoadOptions options, Consumer<LocalModel> check) {
    return asking.ask(name, Claim.load(options), check);
  }

  /** Loads a model as it is configured. */
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
}

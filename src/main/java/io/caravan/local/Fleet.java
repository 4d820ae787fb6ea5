package io.caravan.local;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers that there are, and what may be started. Guarded by {@link Admission}. */
final class Fleet {

  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);

  private final Limits limits;
  private final WorkerLauncher launcher;
  private final MemoryBudget memory;
  private final Clock clock;
  private final Map<Path, Worker> workers = new LinkedHashMap<>();
  private final CrashRecord crashes;
  private final BadFiles badFiles = new BadFiles();
  private final Map<Path, LoadOptions> chosen = new HashMap<>();

  Fleet(Limits limits, WorkerLauncher launcher, Memory memory, Clock clock) {
    this.limits = limits;
    this.launcher = launcher;
    this.memory = new MemoryBudget(memory, launcher);
    this.crashes = new CrashRecord(clock);
    this.clock = clock;
  }

  Worker get(Path model) {
    return workers.get(model);
  }

  Collection<Worker> all() {
    return List.copyOf(workers.values());
  }

  MemoryBudget memory() {
    return memory;
  }

  CrashRecord crashes() {
    return crashes;
  }

  BadFiles badFiles() {
    return badFiles;
  }

  /** How many workers are on their way out, and will leave room soon. */
  int leaving() {
    return (int) workers.values().stream().filter(Worker::ending).count();
  }

  /**
   * Whether a model can be started at once; if not, a worker has to end first.
   *
   * @throws io.caravan.errors.GatewayException if it cannot be started however many end
   */
  boolean hasRoom(Waiting wanted) {
    boolean fits = memory.allows(wanted.model(), options(wanted), workers.values());
    return fits && workers.size() < limits.loaded();
  }

  /** The least recently used worker that nobody uses, or else that somebody uses; null if none. */
  Worker leastRecentlyUsed(boolean idle, Set<Worker> except) {
    return workers.values().stream()
        .filter(worker -> worker.loaded() && !worker.retired() && worker.idle() == idle)
        .filter(worker -> !except.contains(worker))
        .min(Comparator.comparing((Worker worker) -> worker.use().last()))
        .orElse(null);
  }

  /**
   * @throws io.caravan.errors.GatewayException if the model's file is not tried again
   */
  void checkFile(LocalModel model) {
    var refusal = badFiles.refusal(model);
    if (refusal != null) throw Inventory.refused(model.refused(refusal));
  }

  void launch(Waiting wanted, Worker.Events events) {
    var options = options(wanted);
    if (wanted.wish() != null) chosen.put(wanted.path(), options);
    var worker = new Worker(wanted.model(), options.withThreads(threads()), clock);
    workers.put(wanted.path(), worker);
    worker.launch(launcher, limits, events);
  }

  /** The worker is gone; notes if it was not told to. */
  void remove(Worker worker, boolean closed) {
    var path = worker.model().path();
    workers.remove(path, worker);
    if (worker.ending() || closed) {
      chosen.remove(path); // it outlives a crash only
      crashes.endedOnPurpose(path);
      return;
    }
    crashes.died(path, worker.failure());
    if (worker.blamesFile()) badFiles.failed(worker.model(), worker.failure());
    LOG.warn("{}", worker.failure());
  }

  private LoadOptions options(Waiting wanted) {
    var wish = wanted.wish();
    return wish != null ? wish : chosen.getOrDefault(wanted.path(), LoadOptions.CONFIGURED);
  }

  /**
   * A new worker's share of the cores that are left: all of them for the last one that may be
   * loaded, else half. One core stays free, for llama.cpp collapses where others take its cores. A
   * setting is followed as far as all models together have no more threads than there are cores.
   */
  private int threads() {
    int taken = workers.values().stream().mapToInt(worker -> worker.options().threads()).sum();
    boolean last = workers.size() + 1 >= limits.loaded();
    if (limits.threads() > 0) {
      return Math.max(1, Math.min(limits.threads(), limits.cores() - taken - (last ? 0 : 1)));
    }
    int left = Math.max(1, limits.cores() - 1) - taken;
    return Math.max(1, last ? left : (left + 1) / 2);
  }

  /** Those that have not been used for the time after which models are unloaded. */
  List<Worker> unused() {
    var unused = new ArrayList<Worker>();
    if (limits.idle().isZero()) return unused;
    var limit = clock.instant().minus(limits.idle());
    for (var worker : workers.values()) {
      if (worker.idle() && worker.use().last().isBefore(limit)) unused.add(worker);
    }
    return unused;
  }
}

package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Who may use which model, in the order in which they came. A request for a loaded model passes at
 * once as long as nobody waits for room that this model would have to make: so a stream of requests
 * for one model cannot keep another one out. The lock is held for moments; what takes longer is
 * done in turns, by another thread.
 */
final class Admission implements Worker.Events {

  private final Limits limits;
  private final Fleet fleet;
  private final Clock clock;
  private final Queue queue;
  private final Leases leases = new Leases(this::released);
  private final Turns turns;
  private boolean closed;

  /**
   * @param executor reads memory and starts processes
   */
  Admission(Limits limits, Fleet fleet, Clock clock, Executor executor) {
    this.limits = limits;
    this.fleet = fleet;
    this.clock = clock;
    this.queue = new Queue(limits);
    this.turns = new Turns(executor, this::turn);
  }

  /**
   * Grants the right to use a model, once it is loaded as wished.
   *
   * @param claim what is wanted of it
   * @param answer the lease; whoever cancels it gives up the place
   * @throws GatewayException.Unavailable if too many wait
   */
  synchronized void ask(LocalModel model, Claim claim, CompletableFuture<Lease> answer) {
    if (closed) throw new GatewayException.Unavailable("The gateway is shutting down.", 5);
    var waiting = new Waiting(model, claim, clock.instant().plus(limits.patience()), answer);
    var worker = fleet.get(model.path());
    if (queue.isEmpty() && worker != null && waiting.passes(worker)) {
      waiting.grantNow(leases.of(waiting, worker));
      return;
    }
    queue.add(waiting);
    answer.whenComplete((lease, failure) -> left(waiting, failure));
    turns.next();
  }

  /** A client that leaves ends the loading if nobody else waits for it. */
  private synchronized void left(Waiting waiting, Throwable failure) {
    queue.remove(waiting);
    var worker = fleet.get(waiting.path());
    boolean gaveUp = failure instanceof GatewayException.Cancelled;
    boolean useless = worker != null && !worker.loaded() && !queue.wants(waiting.path());
    if (gaveUp && useless) worker.end();
  }

  /** Ends a model's worker: at once while it loads, else when it has served what it has. */
  synchronized CompletableFuture<Void> unload(Path model) {
    var worker = fleet.get(model);
    if (worker == null) return CompletableFuture.completedFuture(null);
    leases.retire(worker);
    if (!worker.loaded()) worker.end();
    return worker.gone().copy();
  }

  /** To be called every second: gives up what waits too long, ends what is used no more. */
  synchronized void tick() {
    queue.expire(clock.instant(), this::isLoading);
    fleet.all().forEach(worker -> worker.slots().expire());
    fleet.unused().forEach(Worker::end);
    if (!queue.isEmpty()) turns.next();
  }

  /** Starts no model any more; one that ends from now on has not crashed. */
  synchronized void stopping() {
    closed = true;
    queue.failAll(new GatewayException.Unavailable("The gateway is shutting down.", 5));
  }

  synchronized Collection<Worker> workers() {
    return fleet.all();
  }

  synchronized Worker worker(Path model) {
    return fleet.get(model);
  }

  /** Why a model's file is not tried again, null if it may be. */
  synchronized String refusal(LocalModel model) {
    return fleet.badFiles().refusal(model);
  }

  synchronized String lastCrash(Path model) {
    return fleet.crashes().reason(model);
  }

  /** Requests that wait, be it for a model or for a slot of one. */
  synchronized int waiting() {
    return queue.size() + fleet.all().stream().mapToInt(worker -> worker.slots().waiting()).sum();
  }

  private void turn() {
    if (nobodyWaits()) return;
    fleet.memory().measure();
    synchronized (this) {
      new Round(fleet, queue, leases, turns::hasNext).run(this);
    }
  }

  private synchronized boolean nobodyWaits() {
    return queue.isEmpty();
  }

  private boolean isLoading(Waiting waiting) {
    var worker = fleet.get(waiting.path());
    return worker != null && !worker.retired() && !worker.loaded();
  }

  private synchronized void released(Worker worker) {
    leases.released(worker);
    if (!queue.isEmpty()) turns.next();
  }

  @Override
  public synchronized void settled(Worker worker, Throwable failure) {
    if (failure != null) queue.fail(worker.model().path(), failure);
    else fleet.badFiles().loaded(worker.model().path());
    new Round(fleet, queue, leases, turns::hasNext).grantAll(worker);
    leases.endRetired(worker);
    if (!queue.isEmpty()) turns.next();
  }

  @Override
  public synchronized void gone(Worker worker) {
    fleet.remove(worker, closed);
    if (!queue.isEmpty()) turns.next();
  }
}

package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Who may use which model, in the order in which they came. A request for a loaded model passes at
 * once as long as nobody waits for room that this model would have to make: so a stream of requests
 * for one model cannot keep another one out.
 */
final class Admission {

  private final LocalModels.Limits limits;
  private final Fleet fleet;
  private final Clock clock;
  private final Queue queue;
  private boolean closed;
  private boolean turning;
  private boolean again;

  Admission(LocalModels.Limits limits, Fleet fleet, Clock clock) {
    this.limits = limits;
    this.fleet = fleet;
    this.clock = clock;
    this.queue = new Queue(limits);
  }

  /** The right to use a model, once it is loaded as wished; {@code wish} null: as it is. */
  synchronized CompletableFuture<Lease> ask(LocalModel model, LoadOptions wish) {
    if (closed) throw new GatewayException.Unavailable("The gateway is shutting down.", 5);
    var answer = new CompletableFuture<Lease>();
    var waiting = new Waiting(model, wish, clock.instant().plus(limits.patience()), answer);
    var worker = fleet.get(model.path());
    if (queue.isEmpty() && worker != null && waiting.passes(worker)) {
      answer.complete(lease(waiting, worker));
      return answer;
    }
    queue.add(waiting);
    answer.whenComplete((lease, failure) -> left(waiting, failure));
    serve();
    return answer;
  }

  /** Who only wanted a model to be loaded, and is gone, ends the loading if nobody else waits. */
  private synchronized void left(Waiting waiting, Throwable failure) {
    queue.remove(waiting);
    var worker = fleet.get(waiting.path());
    boolean alone = queue.inOrder().stream().noneMatch(each -> each.path().equals(waiting.path()));
    boolean command = failure instanceof GatewayException.Cancelled && waiting.wish() != null;
    if (command && alone && worker != null && !worker.loaded()) worker.end();
  }

  /** Ends a model's worker: at once while it loads, else when it has served what it has. */
  synchronized CompletableFuture<Void> unload(Path model) {
    var worker = fleet.get(model);
    if (worker == null) return CompletableFuture.completedFuture(null);
    retire(worker);
    if (!worker.loaded()) worker.end();
    return worker.gone().copy();
  }

  /** To be called every second: gives up what waits too long, ends what is used no more. */
  synchronized void tick() {
    queue.expire(clock.instant(), this::isLoading);
    fleet.unused().forEach(Worker::end);
    serve();
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

  synchronized String lastCrash(Path model) {
    return fleet.lastCrash(model);
  }

  synchronized int waiting() {
    return queue.size();
  }

  /** What happens here may come back here, as the end of a process does: then one more round. */
  private void serve() {
    again = true;
    if (turning) return;
    turning = true;
    try {
      while (again) {
        again = false;
        round();
      }
    } finally {
      turning = false;
    }
  }

  /** Each in its turn: those that need room set workers apart, which later ones then cannot use. */
  private void round() {
    var room = new Room(fleet);
    Set<Path> seeking = new HashSet<>();
    for (var waiting : queue.inOrder()) {
      if (again) return; // something has ended meanwhile: whoever came first has the room
      var worker = fleet.get(waiting.path());
      if (worker == null) {
        if (seeking.add(waiting.path()) && !begun(waiting)) room.seek();
      } else if (waiting.passes(worker) && !room.isPromised(worker)) {
        grant(waiting, worker);
      } else if (worker.loaded() && !waiting.suits(worker)) {
        retire(worker); // those before it have been served, or it would load for ever
      }
    }
  }

  private boolean isLoading(Waiting waiting) {
    var worker = fleet.get(waiting.path());
    return worker != null && !worker.retired() && !worker.loaded();
  }

  /** Whether the model is on its way, or never will be. */
  private boolean begun(Waiting waiting) {
    try {
      if (!fleet.hasRoom(waiting)) return false;
      var worker = fleet.launch(waiting, this::gone);
      worker.address().whenComplete((address, failure) -> settled(worker, failure));
    } catch (GatewayException e) {
      queue.fail(waiting.path(), e);
    }
    return true;
  }

  private void grant(Waiting waiting, Worker worker) {
    queue.remove(waiting);
    waiting.grant(lease(waiting, worker));
  }

  /** Whoever only wants a model to be loaded does not keep it from being ended. */
  private Lease lease(Waiting waiting, Worker worker) {
    if (waiting.wish() != null) return new Lease(worker, () -> {});
    worker.use().begins();
    return new Lease(worker, () -> released(worker));
  }

  private synchronized void released(Worker worker) {
    worker.use().ends(!worker.gone().isDone());
    if (worker.retired() && worker.idle()) worker.end();
    if (!queue.isEmpty()) serve();
  }

  /** Loading is dear: all that wait for the model by now have it before others make it end. */
  private synchronized void settled(Worker worker, Throwable failure) {
    if (failure != null) queue.fail(worker.model().path(), failure);
    for (var waiting : queue.inOrder()) {
      if (fleet.get(waiting.path()) == worker && waiting.passes(worker)) grant(waiting, worker);
    }
    if (worker.retired() && worker.idle()) worker.end();
    serve();
  }

  private synchronized void gone(Worker worker) {
    fleet.remove(worker, closed);
    serve();
  }

  private void retire(Worker worker) {
    worker.retire();
    if (worker.idle()) worker.end();
  }
}

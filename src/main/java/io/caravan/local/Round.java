package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One look over the queue, each in its turn: those that need room set workers apart, which later
 * ones then cannot use. Guarded by {@link Admission}.
 */
final class Round {

  private final Fleet fleet;
  private final Queue queue;
  private final Leases leases;
  private final BooleanSupplier over;
  private final Room room;
  private final Set<Path> seeking = new HashSet<>();

  /**
   * @param over whether something has ended meanwhile: whoever came first has the room
   */
  Round(Fleet fleet, Queue queue, Leases leases, BooleanSupplier over) {
    this.fleet = fleet;
    this.queue = queue;
    this.leases = leases;
    this.over = over;
    this.room = new Room(fleet);
  }

  /**
   * @param events hears what becomes of the workers that are started
   */
  void run(Worker.Events events) {
    for (var waiting : queue.inOrder()) {
      if (over.getAsBoolean()) return;
      var worker = fleet.get(waiting.path());
      if (worker == null) absent(waiting, events);
      else if (waiting.passes(worker) && !room.isPromised(worker)) grant(waiting, worker);
      else if (worker.loaded() && !waiting.suits(worker)) {
        leases.retire(worker); // those before it have been served, or it would load for ever
      }
    }
  }

  /** Loading is dear: all that wait for a model by now have it before others make it end. */
  void grantAll(Worker worker) {
    for (var waiting : queue.inOrder()) {
      if (fleet.get(waiting.path()) == worker && waiting.passes(worker)) grant(waiting, worker);
    }
  }

  private void absent(Waiting waiting, Worker.Events events) {
    if (!seeking.add(waiting.path())) return;
    try {
      fleet.checkFile(waiting.model()); // it may have failed since the request looked at it
      if (fleet.crashes().pauses(waiting)) return;
      if (fleet.hasRoom(waiting)) fleet.launch(waiting, events);
      else room.seek();
    } catch (GatewayException e) {
      queue.fail(waiting.path(), e);
    }
  }

  private void grant(Waiting waiting, Worker worker) {
    queue.remove(waiting);
    waiting.grant(leases.of(waiting, worker));
  }
}

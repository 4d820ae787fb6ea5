package io.caravan.local;

import java.util.HashSet;
import java.util.Set;

/** Finds places for models during one look over the queue. Guarded by {@link Admission}. */
final class Room {

  private final Fleet fleet;
  private final Set<Worker> setApart = new HashSet<>();
  private int leaving;

  Room(Fleet fleet) {
    this.fleet = fleet;
    this.leaving = fleet.leaving();
  }

  /** One more model needs a place: one that is being left, an idle worker's, or else the next. */
  void seek() {
    if (leaving-- > 0) return;
    var idle = fleet.leastRecentlyUsed(true, setApart);
    if (idle != null) {
      idle.end();
      return;
    }
    var busy = fleet.leastRecentlyUsed(false, setApart);
    if (busy != null) setApart.add(busy);
  }

  /** Whether a worker's place is promised, so that it takes no more requests. */
  boolean isPromised(Worker worker) {
    return setApart.contains(worker);
  }
}

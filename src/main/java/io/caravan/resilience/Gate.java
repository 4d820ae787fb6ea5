package io.caravan.resilience;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Lets so many calls into a service at a time; the others wait in a line with a bound, first come,
 * first served. Parks no thread.
 */
final class Gate {

  private int places;
  private int seats;
  private final Set<Runnable> line = new LinkedHashSet<>();
  private int taken;

  /**
   * @param places calls at a time
   * @param seats calls that may wait
   */
  Gate(int places, int seats) {
    this.places = places;
    this.seats = seats;
  }

  /** Changes the bounds; who has a place keeps it, and new places go to those who wait. */
  void resize(int newPlaces, int newSeats) {
    var admitted = new ArrayList<Runnable>();
    synchronized (this) {
      places = newPlaces;
      seats = newSeats;
      for (var waiting = line.iterator(); waiting.hasNext() && taken < places; taken++) {
        admitted.add(waiting.next());
        waiting.remove();
      }
    }
    admitted.forEach(Runnable::run);
  }

  /** Takes a place if one is free and nobody waits for it. */
  synchronized boolean enter() {
    if (taken >= places || !line.isEmpty()) return false;
    taken++;
    return true;
  }

  /**
   * Takes the last seat in the line, or a place if one has become free; false if the line is full.
   *
   * @param admitted run once, on any thread, when there is a place
   */
  boolean line(Runnable admitted) {
    synchronized (this) {
      if (taken >= places || !line.isEmpty()) return line.size() < seats && line.add(admitted);
      taken++;
    }
    admitted.run();
    return true;
  }

  /** Leaves the line; false if the place was given already. */
  synchronized boolean giveUp(Runnable admitted) {
    return line.remove(admitted);
  }

  /** Gives a place back; it goes to the one who has waited longest. */
  void leave() {
    Runnable first = null;
    synchronized (this) {
      var waiting = line.iterator();
      if (waiting.hasNext() && taken <= places) {
        first = waiting.next();
        waiting.remove();
      } else {
        taken--;
      }
    }
    if (first != null) first.run();
  }

  synchronized int waiting() {
    return line.size();
  }

  synchronized int inside() {
    return taken;
  }
}

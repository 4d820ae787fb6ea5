package io.caravan.local.worker;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What each of llama.cpp's slots remembers: a prompt goes to the free slot that already holds its
 * beginning, else to the one that was not used for the longest time.
 */
final class SlotMemory {

  private static final int[] NOTHING = {};

  private final int[][] held;
  private final long[] usedAt;
  private final BitSet free = new BitSet();
  private final boolean remembers;
  private long uses;

  /**
   * @param remembers whether a request may go on where an earlier one ended
   */
  SlotMemory(int slots, boolean remembers) {
    this.remembers = remembers;
    held = new int[slots][];
    Arrays.fill(held, NOTHING);
    usedAt = new long[slots];
    free.set(0, slots);
  }

  /**
   * A slot that was taken.
   *
   * @param number llama.cpp's number of it
   * @param known how many of the prompt's tokens it holds, as far as is known
   */
  record Place(int number, int known) {}

  /**
   * Takes a slot for a prompt.
   *
   * @throws IllegalStateException if none is free, which {@link Slots} rules out
   */
  synchronized Place take(int[] prompt) {
    if (free.isEmpty()) throw new IllegalStateException("no slot is free");
    int best = free.stream().reduce((a, b) -> isBetter(b, a, prompt) ? b : a).getAsInt();
    free.clear(best);
    return new Place(best, remembers ? known(best, prompt) : 0);
  }

  /** Gives a slot back that by now holds these tokens. */
  synchronized void giveBack(Place place, int[] tokens) {
    held[place.number] = remembers ? tokens : NOTHING;
    usedAt[place.number] = ++uses;
    free.set(place.number);
  }

  /** What the free slots hold is of no use. */
  synchronized void forget() {
    free.stream().forEach(slot -> held[slot] = NOTHING);
  }

  boolean remembers() {
    return remembers;
  }

  private boolean isBetter(int slot, int than, int[] prompt) {
    int here = worth(slot, prompt);
    int there = worth(than, prompt);
    return here != there ? here > there : usedAt[slot] < usedAt[than];
  }

  /** A few common tokens are only the template's first words: no reason to lose what is held. */
  private int worth(int slot, int[] prompt) {
    int known = known(slot, prompt);
    return known * 2 >= Math.min(prompt.length, held[slot].length) ? known : 0;
  }

  /** The last token is always evaluated again: what follows is told from it. */
  private int known(int slot, int[] prompt) {
    int difference = Arrays.mismatch(held[slot], prompt);
    return Math.min(difference < 0 ? prompt.length : difference, prompt.length - 1);
  }
}

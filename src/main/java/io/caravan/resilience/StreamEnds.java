package io.caravan.resilience;

/**
 * How the latest answers of a target have ended. They count for themselves: a begun answer is a
 * success to the breaker at once, and its end may be minutes away. Those that break off end sooner
 * than those that do not, and those that fall silent later, so none is judged before as many have
 * ended as are running, and as were running when others were judged last.
 */
final class StreamEnds {

  private final int window;
  private final int fewest;
  private final double rate;
  private int whole;
  private int broken;
  private int ends;
  private int awaited;

  /**
   * @param window as how many failures of the target it counts if too many have broken off
   * @param fewest ends before anything is judged
   * @param rate percent of them that may not break off
   */
  StreamEnds(int window, int fewest, double rate) {
    this.window = window;
    this.fewest = fewest;
    this.rate = rate;
  }

  /** An answer has come to its end while so many others run. */
  synchronized void whole(int running) {
    whole++;
    ends++;
    if (isEnough(running)) fade(running);
  }

  /**
   * An answer has broken off while so many others run.
   *
   * @return as how many failures of the target this counts: 0, or all once too many have broken off
   */
  synchronized int broken(int running) {
    broken++;
    ends++;
    if (!isEnough(running)) return 0;
    boolean tooMany = 100.0 * broken >= rate * (broken + whole);
    if (tooMany) reset();
    else fade(running);
    return tooMany ? window : 0;
  }

  /** Whether none of them has broken off. */
  synchronized boolean areWhole() {
    return broken == 0;
  }

  synchronized void reset() {
    whole = 0;
    broken = 0;
    ends = 0;
    awaited = 0;
  }

  private boolean isEnough(int running) {
    return whole + broken >= fewest && ends >= Math.max(awaited, running);
  }

  /** What is older counts for half, and for no more than what is to come. */
  private void fade(int running) {
    double kept = Math.min(0.5, Math.max(fewest, running) / (double) (whole + broken));
    whole = (int) (whole * kept);
    broken = (int) (broken * kept);
    ends = 0;
    awaited = running;
  }
}

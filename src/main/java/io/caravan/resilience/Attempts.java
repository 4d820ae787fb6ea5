package io.caravan.resilience;

import io.caravan.routing.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * All attempts of one call: what was tried, what is left. Exchange variable {@code attempts}. Used
 * by one thread at a time.
 */
public final class Attempts {

  /** Name of the exchange variable. */
  public static final String VARIABLE = "attempts";

  /** A client reads already what a stream brought that has broken off. */
  private static final int IN_MID_SENTENCE = 2;

  private static final Duration PAUSE_IN_MID_SENTENCE = Duration.ofSeconds(1);

  private final List<Target> targets;
  private final int maxInAll;
  private final List<Attempt> made;
  private final Resumption resumption;
  private int at;
  private int here;
  private Duration waited = Duration.ZERO;
  private Duration pause = Duration.ZERO;
  private Fault.Kind reason;
  private Throwable failure;
  private boolean widened;

  /**
   * @param maxInAll how often anything may be tried
   */
  Attempts(List<Target> targets, int maxInAll) {
    this(targets, maxInAll, new ArrayList<>(), null);
  }

  private Attempts(List<Target> targets, int maxInAll, List<Attempt> made, Resumption resumption) {
    this.targets = new ArrayList<>(targets);
    this.maxInAll = maxInAll;
    this.made = made;
    this.resumption = resumption;
  }

  /** The same call, going on with its other targets where a stream has broken off. */
  Attempts resuming(Resumption what) {
    var others = targets.subList(Math.min(at + 1, targets.size()), targets.size());
    var resumed = new Attempts(others, maxInAll, made, what);
    resumed.waited = waited;
    if (reason == null) reason = latest().fault();
    return resumed;
  }

  /** How often a target was tried. */
  public int count() {
    return made.size();
  }

  /** What was tried, in order. */
  public List<Attempt> made() {
    return made;
  }

  /** The latest attempt, or null. */
  public Attempt latest() {
    return made.isEmpty() ? null : made.get(made.size() - 1);
  }

  int maxInAll() {
    return maxInAll;
  }

  /** Why the first target did not answer, or not to the end; null if it did. */
  public Fault.Kind reason() {
    return reason;
  }

  /** The target that is to be tried, or null if none is left. */
  Target target() {
    return at < targets.size() ? targets.get(at) : null;
  }

  /** What is left behind the target that is to be tried. */
  List<Target> others() {
    return targets.subList(Math.min(at + 1, targets.size()), targets.size());
  }

  /** What was not tried yet, in order; a view that may be sorted. */
  List<Target> untried() {
    return targets.subList(Math.min(here == 0 ? at : at + 1, targets.size()), targets.size());
  }

  /** Whether more attempts than the one that is to be made now are allowed. */
  boolean mayGoOn() {
    return made.size() + 1 < maxInAll;
  }

  Resumption resumption() {
    return resumption;
  }

  void begins(Attempt attempt) {
    made.add(attempt);
    here++;
  }

  /** Whether the latest attempt was not the first at its target. */
  boolean isRepeated() {
    return here > 1;
  }

  RetryRules.Standing standing(Rules rules) {
    boolean begun = resumption != null;
    int most = begun ? Math.min(IN_MID_SENTENCE, rules.maxAttempts()) : rules.maxAttempts();
    var budget = rules.budget().minus(waited);
    if (begun && budget.compareTo(PAUSE_IN_MID_SENTENCE) > 0) budget = PAUSE_IN_MID_SENTENCE;
    return new RetryRules.Standing(here, count(), most, maxInAll, budget, !others().isEmpty());
  }

  /** The same target again, after a pause. */
  void again(Duration after) {
    pause = after;
    waited = waited.plus(after);
  }

  /** The next target, because of what went wrong at this one. */
  void next(Fault.Kind why) {
    if (reason == null) reason = why;
    at++;
    here = 0;
  }

  /** The pause before the next attempt; told once. */
  Duration takePause() {
    var now = pause;
    pause = Duration.ZERO;
    return now;
  }

  /** Puts targets in front of those that are left; done once for a call. */
  boolean widen(List<Target> more) {
    var tried = targets.subList(0, at + 1);
    var fresh = more.stream().filter(target -> !tried.contains(target)).toList();
    if (widened || fresh.isEmpty()) return false;
    widened = true;
    others().removeAll(fresh);
    targets.addAll(at + 1, fresh);
    return true;
  }

  /** What went wrong last at a target, or null. */
  Throwable failure() {
    return failure;
  }

  void failed(Throwable cause) {
    failure = cause;
  }
}

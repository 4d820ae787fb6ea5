package io.caravan.resilience;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** What to do after an attempt has failed. Pure: the same input, the same decision. */
final class RetryRules {

  private static final double FIRST_PAUSE_MILLIS = 200;
  private static final double LONGEST_PAUSE_MILLIS = 5000;

  private RetryRules() {}

  /** What comes next. */
  sealed interface Decision {
    /** The same target again after a pause. */
    record Again(Duration pause) implements Decision {}

    /** The next target at once. */
    record Next() implements Decision {}

    /** Nothing: the client is told. */
    record GiveUp() implements Decision {}
  }

  /**
   * How a call stands.
   *
   * @param here attempts made at this target
   * @param inAll attempts made at all targets
   * @param maxHere how many may be made at one target
   * @param maxInAll how many may be made at all targets
   * @param budget how long the call may still wait between its attempts
   * @param alternative whether another target is left
   */
  record Standing(
      int here, int inAll, int maxHere, int maxInAll, Duration budget, boolean alternative) {}

  /** Decides. {@code backoff} is the pause where the service asks for none. */
  static Decision decide(Fault fault, Standing standing, Duration backoff) {
    if (!fault.kind().isLocal() || standing.inAll() >= standing.maxInAll()) {
      return new Decision.GiveUp();
    }
    var pause = fault.retryAfter() == null ? backoff : fault.retryAfter();
    boolean again =
        fault.kind().isTransient()
            && !fault.hopeless()
            && standing.here() < standing.maxHere()
            && pause.compareTo(standing.budget()) <= 0;
    if (again) return new Decision.Again(pause);
    return standing.alternative() ? new Decision.Next() : new Decision.GiveUp();
  }

  /** The pause behind the n-th attempt at a target: doubling, and never the same for two calls. */
  static Duration backoff(int attempt, RandomGenerator random) {
    double longest =
        Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS * Math.pow(2, attempt - 1.0));
    return Duration.ofMillis((long) (longest * (0.5 + random.nextDouble())));
  }
}

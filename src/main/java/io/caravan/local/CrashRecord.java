package io.caravan.local;

import io.caravan.errors.GatewayException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Which models' workers died, and which are left alone for that. Guarded by {@link Admission}. */
final class CrashRecord {

  /** Waiting so long is better than being told to come back. */
  private static final Duration SHORT_PAUSE = Duration.ofSeconds(10);

  private final Clock clock;
  private final Map<Path, Crashes> crashes = new HashMap<>();

  CrashRecord(Clock clock) {
    this.clock = clock;
  }

  void died(Path model, String why) {
    crashes.computeIfAbsent(model, path -> new Crashes(clock)).happened(why);
  }

  void endedOnPurpose(Path model) {
    var past = crashes.get(model);
    if (past != null) past.forgetReason();
  }

  /** Why a model's last process died, null if it did not. */
  String reason(Path model) {
    var past = crashes.get(model);
    return past == null ? null : past.reason();
  }

  /**
   * Whether a model that died too often lately is left alone for now; the request waits if that is
   * soon over.
   *
   * @throws GatewayException.Unavailable if it is not
   */
  boolean pauses(Waiting wanted) {
    var past = crashes.get(wanted.path());
    var now = clock.instant();
    if (past == null || !now.isBefore(past.pauseEnd())) return false;
    var left = Duration.between(now, past.pauseEnd());
    boolean soon = left.compareTo(SHORT_PAUSE) <= 0 && past.pauseEnd().isBefore(wanted.deadline());
    if (soon) return true;
    throw new GatewayException.Unavailable(
        "The process of the model `%s` has died %d times lately; it is started again in %d s."
            .formatted(wanted.model().name(), past.count(), left.plusMillis(999).toSeconds()),
        (int) left.plusMillis(999).toSeconds());
  }
}

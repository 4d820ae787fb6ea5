package io.caravan.personal;

import java.time.Clock;
import java.time.Duration;

/** What was found out a moment ago about users' services, so that nobody is asked again at once. */
final class Lately {

  /** Another node may have changed it meanwhile. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  /** From a test to the decision to keep what was tested. */
  private static final Duration TRIED = Duration.ofMinutes(10);

  private final Recent<Choices.Ready> ready;
  private final Recent<Outcome> outcomes;
  private final Recent<Tried> tried;

  Lately(Clock clock) {
    ready = new Recent<>(clock);
    outcomes = new Recent<>(clock);
    tried = new Recent<>(clock);
  }

  /** A choice that is not kept, and how its test went. */
  record Tried(Choice choice, LastTest test) {}

  /** A user's active service, or null if it was not asked for lately. */
  Choices.Ready ready(String user) {
    return ready.get(user, FRESH);
  }

  /** What the active service answered, or null. */
  Outcome outcome(String user, Duration atMost) {
    return outcomes.get(user, atMost);
  }

  /** What a user has tested without keeping it, or null. */
  Tried tried(String user) {
    return tried.get(user, TRIED);
  }

  void note(String user, Choices.Ready found) {
    ready.put(user, found);
  }

  void note(String user, Outcome found) {
    outcomes.put(user, found);
  }

  void note(String user, Tried draft) {
    tried.put(user, draft);
  }

  /** The user's settings are others now. */
  void forget(String user) {
    ready.remove(user);
    outcomes.remove(user);
    tried.remove(user);
  }
}

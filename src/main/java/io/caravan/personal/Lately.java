package io.caravan.personal;

import io.caravan.access.Client;
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
  Choices.Ready ready(Client user) {
    return ready.get(as(user), FRESH);
  }

  /** What the active service answered, or null. */
  Outcome outcome(Client user, Duration atMost) {
    return outcomes.get(as(user), atMost);
  }

  /** What a user has tested without keeping it, or null. */
  Tried tried(String user) {
    return tried.get(user, TRIED);
  }

  void note(Client user, Choices.Ready found) {
    ready.put(as(user), found);
  }

  void note(Client user, Outcome found) {
    outcomes.put(as(user), found);
  }

  void note(String user, Tried draft) {
    tried.put(user, draft);
  }

  /** The user's settings are others now. */
  void forget(String user) {
    for (var scope : Client.Scope.values()) {
      ready.remove(as(user, scope));
      outcomes.remove(as(user, scope));
    }
    tried.remove(user);
  }

  /** What an admin has found out does not count for the same user without an admin's rights. */
  private static String as(Client user) {
    return as(user.id(), user.scope());
  }

  private static String as(String user, Client.Scope scope) {
    return scope + " " + user;
  }
}

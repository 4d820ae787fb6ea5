package io.caravan.personal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;

/** What each user has chosen, ready to be called. The database is asked now and then only. */
final class Choices {

  static final String DAMAGED =
      "Your settings are stored, but cannot be read: the row is damaged. Save them again, or remove"
          + " them with DELETE /api/settings/llm.";

  /** Another node may have changed it meanwhile. */
  private static final Duration FRESH = Duration.ofSeconds(5);

  private final SettingsTable table;
  private final Backends backends;
  private final Instances instances = new Instances();
  private final Secrets secrets;
  private final Consumer<String> changed;
  private final Clock clock;
  private final Recent<Ready> recent;
  private final Recent<Outcome> outcomes;

  /**
   * @param changed told the name of a service that is not any more what it was
   */
  Choices(
      SettingsTable table,
      Backends backends,
      Secrets secrets,
      Consumer<String> changed,
      Clock clock) {
    this.table = table;
    this.backends = backends;
    this.secrets = secrets;
    this.changed = changed;
    this.clock = clock;
    this.recent = new Recent<>(clock);
    this.outcomes = new Recent<>(clock);
  }

  /** A choice, and the service that it means. */
  record Ready(Choice choice, Service service) {}

  SettingsTable table() {
    return table;
  }

  Secrets secrets() {
    return secrets;
  }

  Backends backends() {
    return backends;
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** The active choice of a user, whether it makes sense or not; may block. */
  Choice active(String user) {
    var choice =
        table
            .active(user)
            .orElseThrow(
                () ->
                    new GatewayException.NotFound(
                        "You have not chosen a service yet. POST /api/settings/llm with backend_type and config.",
                        "no_backend"));
    if (!choice.isDamaged()) return choice;
    throw new GatewayException.Conflict(DAMAGED, "settings_damaged");
  }

  /** The active service of a user; blocks only if it was not asked for lately. */
  CompletionStage<Ready> ready(Client client, CamelContext context, Executor blocking) {
    var known = recent.get(client.id(), FRESH);
    if (known != null) return CompletableFuture.completedStage(known);
    return CompletableFuture.supplyAsync(() -> load(client, context), blocking);
  }

  private Ready load(Client client, CamelContext context) {
    var choice = active(client.id());
    var ready = new Ready(choice, service(choice, client, context));
    recent.put(client.id(), ready);
    return ready;
  }

  /** The service that a choice means, with a Kamelet that speaks for it; may block. */
  Service service(Choice choice, Client client, CamelContext context) {
    var service = backends.service(choice, client.isAdmin());
    instances.make(context, service);
    return service;
  }

  /** What a user says now, over what was kept of that backend. */
  Choice draft(Client client, SettingsRequest request, Choice before) {
    backends.provider(request.backendType());
    var context = new Choice(client.id(), request.backendType(), null, null, null, null, null);
    ObjectNode config = secrets.sealed(request.config(), before, context.context());
    var now = now();
    boolean returns = request.config() == null && request.defaultModel() == null && before != null;
    var model = returns ? before.defaultModel() : request.defaultModel();
    return new Choice(client.id(), request.backendType(), config, model, null, now, now);
  }

  /** Keeps a choice; may block. */
  void save(Choice choice, boolean active) {
    table.save(choice, active);
    changed(choice.userId(), choice.backendType());
  }

  /** Forgets what is known of a user's service. */
  void changed(String user, String backendType) {
    recent.remove(user);
    outcomes.remove(user);
    changed.accept(Backends.name(user, backendType));
  }

  /** What the service answered a moment ago, or null. */
  Outcome outcome(String user, Duration atMost) {
    return outcomes.get(user, atMost);
  }

  void note(String user, Outcome outcome) {
    outcomes.put(user, outcome);
  }
}

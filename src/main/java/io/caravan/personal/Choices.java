package io.caravan.personal;

import io.caravan.access.Client;
import io.caravan.catalog.Service;
import io.caravan.errors.GatewayException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;

/** What each user has chosen, ready to be called. The database is asked now and then only. */
final class Choices {

  static final String DAMAGED =
      "Your settings are stored, but cannot be read: the row is damaged. Save them again, or remove"
          + " them with DELETE /api/settings/llm.";

  private final SettingsTable table;
  private final Backends backends;
  private final BackendKamelets kamelets = new BackendKamelets();
  private final Secrets secrets;
  private final Consumer<String> changed;
  private final Clock clock;
  private final Lately lately;
  private final Drafts drafts;

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
    this.lately = new Lately(clock);
    this.drafts = new Drafts(backends, secrets, clock);
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

  Drafts drafts() {
    return drafts;
  }

  Lately lately() {
    return lately;
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

  /** The active service of a user, and noted as such; may block. */
  Ready ready(Client client, CamelContext context) {
    var known = lately.ready(client);
    if (known != null) return known;
    var choice = active(client.id());
    var ready = new Ready(choice, allowed(choice, client, context));
    lately.note(client, ready);
    return ready;
  }

  /** The service that a choice means, with a Kamelet that speaks for it; may block. */
  Service service(Choice choice, Client client, CamelContext context) {
    var service = backends.service(choice, client.isAdmin());
    kamelets.make(context, service);
    return service;
  }

  /**
   * The same for what is stored.
   *
   * @throws GatewayException.Refused if it was stored by one who was an admin then
   */
  Service allowed(Choice choice, Client client, CamelContext context) {
    try {
      return service(choice, client, context);
    } catch (GatewayException.InvalidRequest e) {
      if (client.isAdmin()) throw e;
      backends.service(choice, true); // else it is wrong for everyone
      throw GatewayException.Refused.forbidden(
          e.getMessage() + " Choose another service with POST /api/settings/llm.",
          "backend_not_allowed");
    }
  }

  /** Keeps a choice, with the test that it had just before; may block. */
  void save(Choice choice, boolean active) {
    var tried = lately.tried(choice.userId());
    boolean tested = tried != null && isSame(tried.choice(), choice);
    table.save(tested ? choice.tested(tried.test()) : choice, active);
    changed(choice.userId(), choice.backendType());
  }

  /** Notes how a test went, of what is kept or of what may be kept next; may block. */
  void tested(Client client, Choice choice, Outcome outcome) {
    var stored = table.active(choice.userId()).orElse(null);
    if (stored == null || stored.isDamaged() || !isSame(choice, stored)) {
      lately.note(choice.userId(), new Lately.Tried(choice, outcome.asTest()));
      return;
    }
    lately.note(client, outcome);
    table.tested(stored.tested(outcome.asTest()));
  }

  private boolean isSame(Choice one, Choice other) {
    return one.backendType().equals(other.backendType())
        && secrets.same(one.config(), other.config(), other.context());
  }

  /** Forgets what is known of a user's service. */
  void changed(String user, String backendType) {
    lately.forget(user);
    changed.accept(Backends.name(user, backendType));
  }
}

package io.caravan.personal;

import io.caravan.access.Client;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** What users say now, as choices that could be kept. */
final class Drafts {

  private final Backends backends;
  private final Secrets secrets;
  private final Clock clock;

  Drafts(Backends backends, Secrets secrets, Clock clock) {
    this.backends = backends;
    this.secrets = secrets;
    this.clock = clock;
  }

  /**
   * What a user says now, over what was kept of that backend.
   *
   * @param stored null if nothing was
   */
  Choice of(Client client, SettingsRequest request, Choice stored) {
    var provider = backends.provider(request.backendType());
    var context = new Choice(client.id(), request.backendType(), null, null, null, null, null);
    var given = ConfigFields.understood(provider, request.config());
    var before = closed(stored);
    var config = secrets.sealed(given, before, context.context());
    boolean known = before != null && !before.isDamaged();
    if (known) SecretPlace.check(before.config(), config, provider);
    boolean same = known && before.config().equals(config);
    boolean returns = request.config() == null && request.defaultModel() == null && before != null;
    var model = returns ? before.defaultModel() : request.defaultModel();
    var test = same ? before.lastTest() : null;
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return new Choice(client.id(), request.backendType(), config, model, test, now, now);
  }

  /** A secret that the database holds in clear is from now on treated as any other. */
  private Choice closed(Choice stored) {
    if (stored == null || stored.isDamaged()) return stored;
    return stored.with(secrets.closed(stored.config(), stored.context()));
  }
}

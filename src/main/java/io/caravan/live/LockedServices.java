package io.caravan.live;

import io.caravan.errors.GatewayException;
import org.apache.camel.Variable;

/** Services whose stored keys or settings are of no use: left out, but not unknown. */
public final class LockedServices {

  private static final int SECONDS = 60;

  private static final String LOCKED =
      "The service `%s` cannot be used: its stored key cannot be read. GET /llm/services says why;"
          + " an admin puts the right master key back or, if it is lost for good, begins anew with"
          + " POST /api/secrets/rotate {\"forget\":true} and then enters the key again with PUT"
          + " /llm/services/%s {\"api_key\":…}.";
  private static final String DAMAGED =
      "The service `%s` cannot be used: its stored settings are damaged. GET /llm/services says"
          + " why; an admin removes it with DELETE /llm/services/%s and makes it anew.";

  private final StoredServices stored;

  public LockedServices(StoredServices stored) {
    this.stored = stored;
  }

  /**
   * Looks whether a model is unknown only because its service is left out.
   *
   * @param model as the client has named it
   * @throws GatewayException.Unavailable saying what can be done about it; why it is so, which may
   *     name files, stands at {@code GET /llm/services}
   */
  public void refuse(@Variable("unknown") String model) {
    if (model == null) return;
    var service = model.split("[~/]", 2)[0];
    if (service.equals(model) || !stored.locked().containsKey(service)) return;
    var message = stored.lacksKey(service) ? LOCKED : DAMAGED;
    throw new GatewayException.Unavailable(message.formatted(service, service), SECONDS);
  }
}

package io.caravan.personal;

import io.caravan.access.Client;
import io.caravan.access.Permissions;
import io.caravan.errors.GatewayException.Refused;
import java.util.List;

/**
 * What a key opens of its user's own service. Its lists may name that by backend type or provider.
 * Pure.
 */
record BackendRights(Client.Limits limits, List<String> names) {

  static BackendRights of(Client client, Choices.Ready ready) {
    var provider = ready.service().provider().name();
    return new BackendRights(client.limits(), List.of(ready.choice().backendType(), provider));
  }

  /**
   * Looks at the service as a whole.
   *
   * @throws Refused if the key does not open it, whatever the model
   */
  void requireService() {
    if (opensService()) return;
    throw Refused.forbidden(
        ("Your API key does not open the service `%s` of your settings. Choose another one with POST"
                + " /api/settings/llm, or ask an admin to add it to the key's allowed_services.")
            .formatted(names.get(0)),
        "backend_not_allowed");
  }

  /** Whether a model of it is open. */
  boolean opens(String model) {
    return opensService()
        && names.stream().anyMatch(name -> Permissions.allowsModel(limits, null, name, model));
  }

  private boolean opensService() {
    return names.stream().anyMatch(name -> Permissions.allowsService(limits, name));
  }

  /**
   * The same, where it must be.
   *
   * @throws Refused if it is not
   */
  void require(String model) {
    if (opens(model)) return;
    throw Refused.forbidden(
        "Your API key does not open the model `%s`. GET /proxy/llm/v1/models lists those that it opens."
            .formatted(model.length() > 100 ? model.substring(0, 100) + "…" : model),
        "model_not_allowed");
  }
}

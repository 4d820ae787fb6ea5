package io.caravan.routing;

import io.caravan.access.Client;
import io.caravan.access.Permissions;
import io.caravan.errors.GatewayException;
import java.util.List;
import org.apache.camel.Exchange;

/**
 * Message filter: which targets a client's key opens.
 *
 * @param limits null if nothing limits the client
 * @param aliases those that may be open by their own names
 */
record Rights(Client.Limits limits, Aliases aliases) {

  /** Of somebody whom nothing limits. */
  static final Rights ALL = new Rights(null, null);

  static Rights of(Exchange exchange, Aliases aliases) {
    var client = exchange.getVariable(Client.VARIABLE, Client.class);
    if (client == null || client.limits().allowsAll()) return ALL;
    return new Rights(client.limits(), aliases);
  }

  /** Those of a name's targets that are open. */
  List<Target> open(String name, List<Target> targets) {
    if (limits == null) return targets;
    var alias = aliases.get(name) == null ? null : name;
    return targets.stream()
        .filter(each -> Permissions.allow(limits, alias, each.service().name(), each.model()))
        .toList();
  }

  /**
   * The same, where there must be one.
   *
   * @throws GatewayException.Refused if none is open
   */
  List<Target> require(String name, List<Target> targets) {
    var open = open(name, targets);
    if (!open.isEmpty()) return open;
    throw GatewayException.Refused.forbidden(
        "Your API key does not open the model `%s`. GET /v1/models lists those that it opens."
            .formatted(name),
        "model_not_allowed");
  }
}

package io.caravan.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What discovery has found out about a service. Immutable: each finding makes the next one.
 *
 * @param listing its models, null if they are not known
 * @param details what it told beside its list
 */
record Known(Health health, ModelListing listing, ModelListing.Details details) {

  static final Known NOTHING = new Known(Health.UNKNOWN, null, ModelListing.Details.NONE);

  Known with(Health now) {
    return new Known(now, listing, details);
  }

  /** Its list has come; one that is as before is not worked through again. */
  Known listed(Service service, JsonNode models, Health now) {
    boolean same = listing != null && models.equals(listing.told());
    return new Known(now, same ? listing : ModelListing.of(service, models, details), details);
  }

  Known detailed(Service service, Map<String, ObjectNode> byId, ObjectNode others) {
    return relisted(service, new ModelListing.Details(byId, others, details.shown()));
  }

  Known shown(Service service, Map<String, ObjectNode> more) {
    var shown = new LinkedHashMap<>(details.shown());
    shown.putAll(more);
    return relisted(
        service, new ModelListing.Details(details.byId(), details.others(), Map.copyOf(shown)));
  }

  /** What was kept from before the start counts until the service has answered. */
  Known remembered(Service service, List<ObjectNode> entries) {
    return listing != null
        ? this
        : new Known(health, ModelListing.of(service, entries, null), details);
  }

  private Known relisted(Service service, ModelListing.Details now) {
    boolean nothingToDo = now.equals(details) || listing == null || listing.told() == null;
    return new Known(
        health, nothingToDo ? listing : ModelListing.of(service, listing.told(), now), now);
  }
}

package io.caravan.personal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A service that a user has chosen, as it is kept.
 *
 * @param backendType a provider's name or another name of it, as the user wrote it
 * @param config what the service is told, by names in camelCase; secrets are sealed; null if the
 *     row cannot be read
 * @param defaultModel for requests that name none; null for none
 * @param lastTest null if it was never tested
 */
record Choice(
    String userId,
    String backendType,
    ObjectNode config,
    String defaultModel,
    LastTest lastTest,
    Instant createdAt,
    Instant updatedAt) {

  /** Whether the row is there but cannot be read. */
  boolean isDamaged() {
    return config == null;
  }

  /** What its secrets are bound to: sealed text is of no use in another place. */
  String context() {
    return "settings/" + userId + "/" + backendType;
  }

  Choice with(ObjectNode other) {
    return new Choice(userId, backendType, other, defaultModel, lastTest, createdAt, updatedAt);
  }

  Choice tested(LastTest test) {
    return new Choice(userId, backendType, config, defaultModel, test, createdAt, updatedAt);
  }
}

package io.caravan.personal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Service;
import io.caravan.json.Json;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * What came of asking a service for its models.
 *
 * @param service null if its configuration makes no sense
 * @param models as the service told of them, in OpenAI's form; empty if it did not
 * @param error null if it answered
 * @param latencyMs how long it took
 */
record Outcome(Service service, Instant at, ArrayNode models, String error, long latencyMs) {

  /** Exchange variable that holds it. */
  static final String VARIABLE = "outcome";

  /** Nobody was asked, since the configuration is wrong. */
  static Outcome refused(Instant at, String error) {
    return new Outcome(null, at, Json.array(), error, 0);
  }

  /** The same with another text for the user. */
  Outcome saying(String other) {
    return new Outcome(service, at, models, other, latencyMs);
  }

  boolean isConnected() {
    return error == null;
  }

  LastTest asTest() {
    return new LastTest(at, error);
  }

  /** Body of the answer to a test. */
  ObjectNode json() {
    var json = Json.object().put("status", asTest().status());
    if (error != null) return json.put("error", error);
    var names = json.putArray("models");
    models.forEach(model -> names.add(model.path("id").asText()));
    var info = json.putObject("server_info");
    info.put("name", service.provider().title()).put("provider", service.provider().name());
    info.put("url", service.urls().isEmpty() ? null : service.urls().get(0));
    info.put("models", models.size()).put("latency_ms", latencyMs);
    return json;
  }

  /**
   * The models in OpenAI's form.
   *
   * @param open whether the caller may use one of that name
   */
  ObjectNode list(Predicate<String> open) {
    var list = Json.object().put("object", "list");
    var data = list.putArray("data");
    for (var model : models) {
      var id = model.path("id");
      boolean usable = id.isTextual() && model.path("usable").asBoolean(true);
      if (!usable || !open.test(id.asText())) continue;
      data.addObject()
          .put("id", id.asText())
          .put("object", "model")
          .put("created", model.path("created").asLong(0))
          .put("owned_by", model.path("owned_by").asText(service.provider().name()));
    }
    return list;
  }
}

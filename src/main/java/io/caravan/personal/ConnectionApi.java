package io.caravan.personal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.Conflict;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.errors.GatewayException.NotFound;
import io.caravan.json.Json;
import java.time.Duration;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/**
 * {@code /api/settings/llm/test}, {@code …/status} and {@code …/models}: how the service is that a
 * user has chosen. Its routes have left the event loop: all of this may block.
 */
public final class ConnectionApi {

  /** A page may look at the status every second; the service is not asked as often. */
  private static final Duration FRESH = Duration.ofSeconds(10);

  private static final String CHOICE = "choice";

  private final Choices choices;

  ConnectionApi(Choices choices) {
    this.choices = choices;
  }

  /**
   * {@code POST …/test}: what is to be tested as variable {@code service}, a draft or, where the
   * body says nothing, what is stored. A draft that makes no sense is an outcome of its own.
   */
  public void prepareTest(Exchange exchange, @Body byte[] body) {
    var client = Client.of(exchange);
    boolean empty = body == null || body.length == 0;
    var told = empty ? Json.object() : SettingsRequest.object(body); // else 400
    try {
      var request = SettingsRequest.of(told);
      var choice = choice(client, request);
      exchange.setVariable("service", choices.service(choice, client, exchange.getContext()));
      exchange.setVariable(CHOICE, choice);
    } catch (InvalidRequest | NotFound | Conflict e) {
      refused(exchange, e);
    }
  }

  /** What cannot be asked is an outcome too. */
  private void refused(Exchange exchange, GatewayException why) {
    exchange.setVariable(Outcome.VARIABLE, Outcome.refused(choices.now(), why.getMessage()));
  }

  private Choice choice(Client client, SettingsRequest request) {
    if (request.backendType() == null) {
      var active = choices.active(client.id());
      if (request.config() == null) return active;
      var same = request.of(active.backendType());
      return choices.drafts().of(client, same, active);
    }
    var before = choices.table().of(client.id(), request.backendType()).orElse(null);
    boolean stored = request.config() == null && before != null && !before.isDamaged();
    return stored ? before : choices.drafts().of(client, request, before);
  }

  /** The answer to a test. One of what is stored is noted there. */
  public byte[] tested(Exchange exchange, @Variable(Outcome.VARIABLE) Outcome outcome) {
    var tested = exchange.getVariable(CHOICE, Choice.class);
    if (tested != null) choices.tested(Client.of(exchange), tested, outcome);
    return Json.bytes(outcome.json());
  }

  /** {@code GET …/status}: variable {@code service} if it has to be asked for that. */
  public void prepareStatus(Exchange exchange) {
    var client = Client.of(exchange);
    var active = choices.table().active(client.id()).orElse(null);
    exchange.setVariable(CHOICE, active);
    if (active == null || active.isDamaged()) return;
    var known = choices.lately().outcome(client, FRESH);
    exchange.setVariable(Outcome.VARIABLE, known);
    if (known != null) return;
    try {
      exchange.setVariable("service", choices.service(active, client, exchange.getContext()));
    } catch (InvalidRequest | NotFound | Conflict e) {
      refused(exchange, e);
    }
  }

  /** The answer to it. */
  public byte[] status(Exchange exchange) {
    var active = exchange.getVariable(CHOICE, Choice.class);
    var outcome = exchange.getVariable(Outcome.VARIABLE, Outcome.class);
    var json = Json.object();
    json.put("backend_type", active == null ? null : active.backendType());
    json.set("backend", json.get("backend_type"));
    json.put("connection", connection(active, outcome));
    json.put("connected", outcome != null && outcome.isConnected());
    json.put("active_model", active == null ? null : active.defaultModel());
    if (outcome != null) note(exchange, outcome, json);
    if (active != null && active.isDamaged()) json.put("error", Choices.DAMAGED);
    var test = active == null ? null : active.lastTest();
    return Json.bytes(json.put("last_test", test == null ? null : test.at().toString()));
  }

  private static String connection(Choice active, Outcome outcome) {
    if (active == null) return "not configured";
    return outcome == null ? "error" : outcome.asTest().status();
  }

  private void note(Exchange exchange, Outcome outcome, ObjectNode json) {
    if (outcome.service() != null) choices.lately().note(Client.of(exchange), outcome);
    json.put("models", outcome.models().size()).put("latency_ms", outcome.latencyMs());
    json.put("checked_at", outcome.at().toString()).put("error", outcome.error());
  }

  /** {@code GET …/models}: what is to be asked as variable {@code service}. */
  public void prepareModels(Exchange exchange) {
    var client = Client.of(exchange);
    var active = choices.active(client.id());
    exchange.setVariable(CHOICE, active);
    exchange.setVariable("service", choices.allowed(active, client, exchange.getContext()));
  }

  /** The answer to it: the service's models, each under the name that it has there. */
  public byte[] models(@Variable(CHOICE) Choice active, @Body JsonNode told) {
    var json = Json.object().put("backend_type", active.backendType());
    var models = json.putArray("models");
    for (var model : told) {
      if (!model.path("id").isTextual()) continue;
      var one = models.addObject().put("id", model.path("id").asText());
      one.put("name", model.path("id").asText());
      for (var field : new String[] {"type", "state", "loaded", "size", "max_tokens"}) {
        Json.copy(model, field, one, field);
      }
    }
    return Json.bytes(json.put("default_model", active.defaultModel()));
  }
}

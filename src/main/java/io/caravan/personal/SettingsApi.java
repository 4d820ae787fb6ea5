package io.caravan.personal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.camel.Body;
import org.apache.camel.Exchange;

/**
 * {@code /api/settings/llm}: what a user has chosen, shown and changed. Its routes have left the
 * event loop: all of this may block.
 */
public final class SettingsApi {

  private final Choices choices;

  SettingsApi(Choices choices) {
    this.choices = choices;
  }

  /** {@code GET}: the user's settings, and those of each backend that was ever set up; masked. */
  public byte[] show(Exchange exchange) {
    var user = Client.of(exchange).id();
    var json = shown(choices.table().active(user));
    var backends = json.putArray("backends");
    for (var each : choices.table().all(user)) backends.add(shown(each));
    return Json.bytes(json);
  }

  /** {@code POST}: from now on this is the user's service. */
  public byte[] save(Exchange exchange, @Body byte[] body) {
    var client = Client.of(exchange);
    var request = SettingsRequest.of(body);
    if (request.backendType() == null) {
      throw new InvalidRequest(
          "Missing required parameter: 'backend_type', such as ollama, lmstudio or chatgpt.",
          "backend_type",
          "missing_required_parameter");
    }
    var before = choices.table().of(client.id(), request.backendType()).orElse(null);
    var choice = choices.drafts().of(client, request, before);
    choices.service(choice, client, exchange.getContext()); // else 400, naming the field
    choices.save(choice, true);
    return show(exchange);
  }

  /** {@code DELETE}: all that the user has ever said, keys too. */
  public byte[] delete(Exchange exchange) {
    var user = Client.of(exchange).id();
    choices.table().active(user).ifPresent(choice -> choices.changed(user, choice.backendType()));
    int rows = choices.table().delete(user);
    return Json.bytes(shown(Optional.empty()).put("deleted", rows > 0));
  }

  /** {@code POST …/import}: takes over what is not known yet; what is known stays. */
  public byte[] takeOver(Exchange exchange, @Body byte[] body) {
    var client = Client.of(exchange);
    var drafts = new ArrayList<Choice>();
    for (var request : OldSettings.read(SettingsRequest.tree(body))) {
      if (choices.table().of(client.id(), request.backendType()).isPresent()) continue;
      var draft = choices.drafts().of(client, request, null);
      choices.service(draft, client, exchange.getContext()); // else 400, and nothing is taken over
      drafts.add(draft);
    }
    return Json.bytes(imported(client, keep(client, drafts)));
  }

  /** Keeps those that no other import has kept meanwhile, and returns them. */
  private synchronized List<Choice> keep(Client client, List<Choice> drafts) {
    var table = choices.table();
    var fresh = new ArrayList<>(drafts);
    fresh.removeIf(draft -> table.of(client.id(), draft.backendType()).isPresent());
    boolean chosen = table.active(client.id()).isPresent();
    for (var draft : fresh) choices.save(draft, !chosen && draft == fresh.get(0));
    return fresh;
  }

  private ObjectNode imported(Client client, List<Choice> drafts) {
    var json = Json.object().put("status", drafts.isEmpty() ? "unchanged" : "imported");
    var imported = json.putArray("imported");
    drafts.forEach(draft -> imported.add(draft.backendType()));
    return json.setAll(shown(choices.table().active(client.id())));
  }

  private ObjectNode shown(Optional<Choice> active) {
    if (active.isEmpty()) {
      var nothing = Json.object().putNull("backend_type");
      nothing.putObject("config");
      return nothing.putNull("default_model").put("is_active", false);
    }
    return shown(active.get()).put("is_active", true);
  }

  private ObjectNode shown(Choice choice) {
    var json = Json.object();
    json.put("backend_type", choice.backendType());
    json.set("config", choice.isDamaged() ? Json.object() : config(choice, json));
    json.put("default_model", choice.defaultModel());
    json.put("created_at", choice.createdAt().toString());
    json.put("updated_at", choice.updatedAt().toString());
    if (choice.lastTest() != null) {
      json.putObject("last_test")
          .put("at", choice.lastTest().at().toString())
          .put("status", choice.lastTest().status())
          .put("error", choice.lastTest().error());
    }
    return choice.isDamaged() ? json.put("error", Choices.DAMAGED) : json;
  }

  /** A secret that cannot be opened is no reason to hide the rest. */
  private ObjectNode config(Choice choice, ObjectNode told) {
    try {
      return choices.secrets().masked(choice.config(), choice.context());
    } catch (GatewayException.Conflict locked) {
      told.put("error", locked.getMessage());
      return Secrets.without(choice.config());
    }
  }
}

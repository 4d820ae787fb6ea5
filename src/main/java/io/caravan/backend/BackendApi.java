package io.caravan.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Catalog;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.local.LocalModels;
import io.caravan.routing.Target;
import io.caravan.settings.Configuration;
import java.io.IOException;
import java.util.Set;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Variable;

/** {@code /api/v1}: one active model, the simple way. */
public final class BackendApi {

  private static final Set<String> GENERATION =
      Set.of("max_new_tokens", "temperature", "top_p", "top_k", "repetition_penalty");

  private final ActiveBackend backend;
  private final RequestDefaults defaults;
  private final Catalog catalog;
  private final LocalModels local;
  private final HubCache cache;
  private final Configuration configuration;

  BackendApi(
      ActiveBackend backend,
      RequestDefaults defaults,
      Catalog catalog,
      LocalModels local,
      HubCache cache,
      Configuration configuration) {
    this.backend = backend;
    this.defaults = defaults;
    this.catalog = catalog;
    this.local = local;
    this.cache = cache;
    this.configuration = configuration;
  }

  /** What is to be loaded as a variable, its service as body. */
  public void read(Exchange exchange) {
    var body = (byte[]) exchange.getMessage().getBody();
    var request = body.length == 0 ? Json.object() : object(body);
    var wanted = LoadRequest.of(request, catalog.services(), configuration);
    exchange.setVariable(ActiveBackend.WANTED, wanted);
    exchange.getMessage().setBody(wanted.service());
  }

  /** Whether the service is to be asked once more: the model may have come a moment ago. */
  public boolean isMissing(Exchange exchange) {
    return exchange.getVariable(ActiveBackend.WANTED, LoadRequest.class).isMissing(catalog);
  }

  /** {@code POST /api/v1/models/load}: 202, the rest follows. */
  public void load(Exchange exchange) {
    var wanted = exchange.getVariable(ActiveBackend.WANTED, LoadRequest.class);
    if (wanted.isMissing(catalog)) throw backend.refused(wanted.missing());
    backend.accept(wanted);
    var answer = Json.object();
    answer.put("message", "The model `" + wanted.model() + "` is being loaded.");
    answer.put("status", backend.status().name());
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, 202);
    exchange.getMessage().setBody(Json.bytes(answer));
  }

  /** {@code GET /api/v1/models/status}. */
  public byte[] status() {
    return Json.bytes(backend.json().set("generation_config", defaults.json()));
  }

  /** {@code GET /api/v1/models/config}. */
  public byte[] config() {
    return Json.bytes(defaults.json());
  }

  /** {@code PUT /api/v1/models/config}: changes the values that it names. */
  public byte[] changeConfig(@Body byte[] body) {
    defaults.change(object(body));
    return config();
  }

  /** {@code GET /api/v1/models/available}. */
  public byte[] available() {
    var json = Json.object();
    var paths = json.putArray("local_model_paths");
    local.models().forEach(model -> paths.add(model.path().toString()));
    var cached = json.putArray("cached_hub_models");
    cache.models().forEach(cached::add);
    var services = json.putObject("service_models");
    catalog
        .all()
        .forEach(
            (service, models) -> {
              var names = services.putArray(service.name());
              models.forEach(model -> names.add(model.path("id").asText()));
            });
    return Json.bytes(json);
  }

  /** {@code POST /api/v1/generate}: the prompt as a chat with the active model. */
  public byte[] prompt(@Body byte[] body) {
    var request = object(body);
    var prompt = request.path("prompt");
    if (prompt.isMissingNode() || prompt.isNull()) {
      var code = "missing_required_parameter";
      throw new InvalidRequest("Missing required parameter: 'prompt'.", "prompt", code);
    }
    if (!prompt.isTextual()) {
      throw new InvalidRequest("'prompt' must be a string.", "prompt", "invalid_type");
    }
    var given = Json.object();
    for (var field : request.properties()) {
      if (field.getKey().equals("prompt")) continue;
      if (GENERATION.contains(field.getKey())) given.set(field.getKey(), field.getValue());
      else throw new InvalidRequest("'" + field.getKey() + "' is not known.", field.getKey(), null);
    }
    var target = ready();
    var chat = Json.object().put("model", target.unifiedName());
    chat.putArray("messages").addObject().put("role", "user").set("content", prompt);
    var own = new GenerationConfig(Json.object()).with(given);
    return Json.bytes(own.applied(chat, target.service().provider()));
  }

  /** The answer to a prompt; the text has both names that clients of such servers know. */
  public byte[] text(@Body JsonNode answer, @Variable(Target.VARIABLE) Target target) {
    var choice = answer.path("choices").path(0);
    var text = choice.path("message").path("content").asText("");
    var json = Json.object().put("response", text).put("generated_text", text);
    json.put("model", target.model()).put("backend_type", target.service().name());
    json.set("finish_reason", choice.path("finish_reason"));
    json.set("usage", answer.get("usage"));
    return Json.bytes(json);
  }

  private Target ready() {
    var target = backend.active();
    if (target != null) return target;
    if (backend.status() == ActiveBackend.Status.Loading) {
      throw new GatewayException.Unavailable("The model is being loaded.", 2);
    }
    throw new GatewayException.Conflict(
        "No model is active. POST /api/v1/models/load loads one.", "no_active_backend");
  }

  private static ObjectNode object(byte[] body) {
    try {
      if (Json.read(body) instanceof ObjectNode object) return object;
    } catch (IOException e) {
      // said below
    }
    throw new InvalidRequest("The body of your request is not a JSON object.", null, null);
  }
}

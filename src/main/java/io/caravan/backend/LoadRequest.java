package io.caravan.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;
import io.caravan.catalog.Services;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.routing.Target;
import io.caravan.settings.Configuration;
import java.util.Set;

/**
 * Which model a client wants to be the active one.
 *
 * @param device and quantization as the client said, null if it did not
 */
record LoadRequest(Service service, String model, String device, String quantization) {

  private static final Set<String> KEYS =
      Set.of("backend_type", "model_name_or_path", "device", "quantization");

  /**
   * Reads a request; what it does not say the settings say.
   *
   * @throws InvalidRequest naming the field at fault
   */
  static LoadRequest of(ObjectNode request, Services services, Configuration configuration) {
    for (var field : request.properties()) {
      if (!KEYS.contains(field.getKey())) {
        throw invalid("'" + field.getKey() + "' is not known.", field.getKey());
      }
    }
    var given = text(request, "model_name_or_path");
    var model = given == null ? configuration.get("caravan.backend.model") : given;
    var type = text(request, "backend_type");
    int at = model == null ? -1 : model.indexOf('~');
    var named = at > 0 ? model.substring(0, at) : null;
    if (named != null && (type == null ? services.get(named) != null : type.equals(named))) {
      type = named;
      model = model.substring(at + 1);
    }
    if (type == null) type = configuration.get("caravan.backend.type", "local");
    var service = services.get(type);
    if (service == null) {
      throw invalid("'backend_type' names no service that is configured.", "backend_type");
    }
    if (service.obstacle() != null) {
      throw invalid("The backend cannot be used: " + service.obstacle() + ".", "backend_type");
    }
    if (model == null) {
      var message = "'model_name_or_path' is missing, and caravan.backend.model is not set.";
      throw invalid(message, "model_name_or_path");
    }
    return new LoadRequest(service, model, text(request, "device"), text(request, "quantization"));
  }

  /**
   * The model as its service lists it; a path means the model of that file.
   *
   * @throws GatewayException if the service does not answer or does not have it
   */
  Target target(Catalog catalog) {
    if (catalog.models(service) == null || catalog.problem(service) != null) {
      throw new GatewayException.Unavailable(
          "The service `" + service.name() + "` does not answer.", 5);
    }
    var found = found(catalog);
    if (found == null) throw new GatewayException.ModelNotFound(model);
    return Target.of(service, found.path("id").asText());
  }

  /** Whether the service answers, and has no such model as far as is known. */
  boolean isMissing(Catalog catalog) {
    boolean answers = Boolean.TRUE.equals(catalog.health(service).up());
    return answers && catalog.models(service) != null && found(catalog) == null;
  }

  /** What a client is told whose model is missing. */
  InvalidRequest missing() {
    return new InvalidRequest(
        "The service `%s` has no model `%s`. GET /api/v1/models/available lists what there is."
            .formatted(service.name(), model),
        "model_name_or_path",
        "model_not_found");
  }

  private ObjectNode found(Catalog catalog) {
    var named = catalog.model(service, model);
    return named != null ? named : catalog.model(service, model.replaceFirst(".*[/\\\\]", ""));
  }

  private static String text(JsonNode request, String name) {
    var value = request.path(name);
    if (value.isMissingNode() || value.isNull()) return null;
    if (value.isTextual() && !value.asText().isBlank()) return value.asText().strip();
    throw invalid("'" + name + "' must be a string.", name);
  }

  private static InvalidRequest invalid(String message, String param) {
    return new InvalidRequest(message, param, "invalid_value");
  }
}

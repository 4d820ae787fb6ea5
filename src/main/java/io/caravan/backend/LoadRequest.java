package io.caravan.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Service;
import io.caravan.catalog.Services;
import io.caravan.errors.GatewayException.InvalidRequest;
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
    if (type == null && at > 0 && services.get(model.substring(0, at)) != null) {
      type = model.substring(0, at);
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

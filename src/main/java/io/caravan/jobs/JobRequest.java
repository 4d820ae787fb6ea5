package io.caravan.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Capability;
import io.caravan.catalog.Service;
import io.caravan.catalog.Services;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/**
 * What a client asks of {@code POST /jobs}, checked.
 *
 * @param params with the service's and the model's name apart
 */
record JobRequest(String type, ObjectNode params) {

  private static final List<String> TYPES =
      List.of("install", "import", "update", "load", "unload", "delete");

  private static final Set<String> PARAMS =
      Set.of("service_name", "model_name", "path", "mode", "url", "revision", "sha256", "options");

  /**
   * Reads a request.
   *
   * @param defaultService the service of models that are named without one, or null
   * @throws GatewayException saying which field to mend, or that the service lacks a capability
   */
  static JobRequest of(byte[] body, Services services, String defaultService) {
    var request = object(body);
    var type = text(request, "type", "type");
    if (type == null) throw missing("type");
    if (!TYPES.contains(type)) {
      throw invalid("'type' must be one of " + String.join(", ", TYPES) + ".", "type");
    }
    if (!(request.path("params") instanceof ObjectNode given)) throw missing("params");
    for (var field : given.properties()) {
      if (!PARAMS.contains(field.getKey()))
        throw invalid("The parameter 'params." + field.getKey() + "' is not known.", "params");
    }
    var params = named(given, services, defaultService);
    check(type, params);
    var service = service(services, params.path("service_name").asText());
    if (!Capability.has(service, type)) Capability.refuse(service, type);
    if (service.obstacle() != null) {
      throw new GatewayException.Unavailable(
          "The service `%s` cannot be used: %s.".formatted(service.name(), service.obstacle()), 60);
    }
    return new JobRequest(type, params);
  }

  /** {@code service~model} is the same as both apart. */
  private static ObjectNode named(ObjectNode given, Services services, String defaultService) {
    var service = text(given, "service_name", "params.service_name");
    var model = text(given, "model_name", "params.model_name");
    int at = model == null ? -1 : model.indexOf('~');
    if (at > 0 && (service == null || service.equals(model.substring(0, at)))) {
      service = model.substring(0, at);
      model = model.substring(at + 1);
    }
    if (service == null) service = defaultService;
    if (service == null) throw missing("params.service_name");
    if (model == null) model = fileName(given);
    if (model == null || model.isBlank()) throw missing("params.model_name");
    var named = Json.object().put("service_name", service).put("model_name", model);
    for (var field : given.properties()) {
      if (!named.has(field.getKey()) && !field.getValue().isNull())
        named.set(field.getKey(), field.getValue());
    }
    return named;
  }

  /** A model that is only told where it lies has the name of its file. */
  private static String fileName(ObjectNode given) {
    var source = given.hasNonNull("url") ? given.path("url") : given.path("path");
    if (!source.isTextual()) return null;
    var name = source.asText().replaceFirst("[?#].*", "").replaceFirst(".*[/\\\\]", "");
    return name.replaceFirst("(?i)\\.gguf$", "");
  }

  private static void check(String type, ObjectNode params) {
    for (var name : List.of("path", "mode", "url", "revision", "sha256")) {
      text(params, name, "params." + name);
    }
    if (params.has("options") && !params.path("options").isObject()) {
      throw invalid("'params.options' must be an object.", "params.options");
    }
    boolean imports = type.equals("import");
    if (imports && !params.has("path") && !params.has("url")) throw missing("params.path");
    if (params.has("url") && !params.path("url").asText().matches("(?i)[a-z][a-z0-9+.-]*:.+")) {
      throw invalid("'params.url' must be a URL.", "params.url");
    }
    if (params.has("sha256") && !params.path("sha256").asText().matches("(?i)[0-9a-f]{64}")) {
      throw invalid("'params.sha256' must be 64 hexadecimal digits.", "params.sha256");
    }
    if (params.has("mode") && !Set.of("copy", "link").contains(params.path("mode").asText())) {
      throw invalid("'params.mode' must be copy or link.", "params.mode");
    }
  }

  static Service service(Services services, String name) {
    var service = services.get(name);
    if (service != null) return service;
    throw new GatewayException.NotFound(
        "The service `" + name + "` is not configured.", "service_not_found");
  }

  static ObjectNode object(byte[] body) {
    try {
      if (Json.read(body) instanceof ObjectNode object) return object;
    } catch (IOException e) {
      throw invalid("We could not parse the JSON body of your request.", null);
    }
    throw invalid("The JSON body of your request is not an object.", null);
  }

  private static String text(JsonNode object, String name, String param) {
    var value = object.path(name);
    if (value.isMissingNode() || value.isNull()) return null;
    if (value.isTextual()) return value.asText();
    throw invalid("'" + param + "' must be a string.", param);
  }

  private static GatewayException missing(String param) {
    return new InvalidRequest(
        "Missing required parameter: '" + param + "'.", param, "missing_required_parameter");
  }

  private static GatewayException invalid(String message, String param) {
    return new InvalidRequest(message, param, "invalid_value");
  }

  /** The same for the same request. */
  String key() {
    try {
      var text = type + " " + Json.text(params);
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

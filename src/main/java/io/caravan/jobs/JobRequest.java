package io.caravan.jobs;

import static io.caravan.jobs.JobParams.invalid;
import static io.caravan.jobs.JobParams.missing;
import static io.caravan.jobs.JobParams.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Capability;
import io.caravan.catalog.Service;
import io.caravan.catalog.Services;
import io.caravan.errors.GatewayException;
import io.caravan.files.ModelFile;
import io.caravan.json.Json;
import io.caravan.local.LocalService;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * What a client asks of {@code POST /jobs}, checked.
 *
 * @param params with the service's and the model's name apart
 */
record JobRequest(String type, ObjectNode params) {

  private static final List<String> TYPES =
      List.of("install", "import", "update", "load", "unload", "delete");

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
    JobParams.known(given);
    var params = named(given, services, defaultService);
    JobParams.check(type, params);
    var service = service(services, params.path("service_name").asText());
    if (!Capability.has(service, type)) Capability.refuse(service, type);
    if (service.obstacle() != null) {
      throw new GatewayException.Unavailable(
          "The service `%s` cannot be used: %s.".formatted(service.name(), service.obstacle()), 60);
    }
    boolean brings = params.has("url") || type.equals("import");
    boolean here = service.provider().name().equals(LocalService.PROVIDER);
    if (here && brings && !type.equals("update") && given.hasNonNull("model_name"))
      ModelFile.check(params.path("model_name").asText());
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

  /**
   * The same for the same request.
   *
   * @param service to Ollama, and to those who know its models, a name without a tag is the latest
   */
  String key(Service service) {
    try {
      var named = params.deepCopy();
      var model = params.path("model_name").asText();
      boolean tagged = service.provider().capabilities().contains(Capability.OllamaModelsSupported);
      if (tagged && !model.matches(".*:[^/]*")) named.put("model_name", model + ":latest");
      var text = type + " " + Json.text(named);
      var digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}

package io.caravan.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The parameters of a job, each looked at by itself. */
final class JobParams {

  private static final Set<String> PARAMS =
      Set.of("service_name", "model_name", "path", "mode", "url", "revision", "sha256", "options");

  /** Also the encoded ones of URLs. */
  private static final Pattern CONTROL = Pattern.compile("(?i)\\p{Cntrl}|%[01][0-9a-f]|%7f");

  /** In characters: as much as a column holds, or more than anybody needs. */
  private static final Map<String, Integer> LONGEST =
      Map.of("service_name", 200, "model_name", 1000, "path", 4096, "url", 8192, "revision", 250);

  private JobParams() {}

  /** Refuses what is most likely misspelt. */
  static void known(ObjectNode given) {
    for (var field : given.properties()) {
      if (!PARAMS.contains(field.getKey()))
        throw invalid("The parameter 'params." + field.getKey() + "' is not known.", "params");
    }
  }

  /** Refuses what is too long. */
  static void measure(ObjectNode params) {
    LONGEST.forEach(
        (name, most) -> {
          if (params.path(name).asText().length() > most)
            throw invalid(
                "'params.%s' must not have more than %d characters.".formatted(name, most),
                "params." + name);
        });
  }

  /** Refuses values that make no sense. */
  static void check(String type, ObjectNode params) {
    measure(params);
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

  static String text(JsonNode object, String name, String param) {
    var value = object.path(name);
    if (value.isMissingNode() || value.isNull()) return null;
    if (value.isTextual() && CONTROL.matcher(value.asText()).find())
      throw invalid("'" + param + "' must not contain control characters.", param);
    if (value.isTextual()) return value.asText();
    throw invalid("'" + param + "' must be a string.", param);
  }

  static GatewayException missing(String param) {
    return new InvalidRequest(
        "Missing required parameter: '" + param + "'.", param, "missing_required_parameter");
  }

  static GatewayException invalid(String message, String param) {
    return new InvalidRequest(message, param, "invalid_value");
  }
}

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;

/** {@code status}: whether the gateway runs, and what it has. */
final class StatusCommand implements Command {

  @Override
  public int run(Arguments arguments, Api api, Screen screen) throws CliException {
    arguments.none();
    var status = Json.object().put("url", api.base());
    status.set("health", api.get("/health"));
    try {
      addServices(status, api);
    } catch (Refused e) {
      if (e.status() != 403) throw e;
      status.set("models", api.get("/v1/models").path("data"));
    }
    status.set("settings", api.get("/api/settings/llm/status"));
    if (screen.json()) {
      screen.json(status);
      return 0;
    }
    screen.line("Caravan answers at " + api.base());
    if (status.has("services")) services(status.path("services"), screen);
    var listed = status.has("models") ? "models" : "loaded";
    var names = new ArrayList<String>();
    status.path(listed).forEach(model -> names.add(model.path("id").asText()));
    screen.line(listed + "    " + (names.isEmpty() ? "no model" : String.join(", ", names)));
    screen.line("your own  " + own(status.path("settings")));
    if (status.has("models")) screen.line("The rest is for admins: your key is a client's.");
    return 0;
  }

  /** What a client's key does not open. */
  private static void addServices(ObjectNode status, Api api) throws CliException {
    status.set("services", api.get("/llm/services").path("data"));
    var loaded = api.get("/llm/models?state=loaded&limit=1000");
    status.set("loaded", loaded.path("data"));
  }

  private static void services(JsonNode services, Screen screen) {
    var rows = new ArrayList<List<String>>();
    for (var service : services) {
      var latency = service.path("latency_ms");
      rows.add(
          List.of(
              service.path("name").asText(),
              service.path("provider").asText(),
              service.path("status").asText(),
              service.path("models").asText("").replace("null", ""),
              latency.isNumber() ? latency.asText() + " ms" : "",
              service.path("error").isTextual() ? service.path("error").asText() : ""));
    }
    screen.table(List.of("SERVICE", "PROVIDER", "STATUS", "MODELS", "LATENCY", "PROBLEM"), rows);
  }

  private static String own(JsonNode settings) {
    if (!settings.path("backend_type").isTextual()) return "no service chosen";
    var model = settings.path("active_model").asText("");
    var said = settings.path("backend_type").asText() + ", " + settings.path("connection").asText();
    var error = settings.path("error").isTextual() ? ": " + settings.path("error").asText() : "";
    return said + (settings.path("active_model").isTextual() ? ", " + model : "") + error;
  }

  @Override
  public String usage() {
    return """
        Usage: caravan status [options]
        Tells whether the gateway runs, how its services are, and which models are loaded;
        with a client's key, which models it opens.
        """;
  }
}

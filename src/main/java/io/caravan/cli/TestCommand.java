package io.caravan.cli;

import io.caravan.json.Json;

/** {@code test [SERVICE]}: asks a service now. */
final class TestCommand implements Command {

  @Override
  public int run(Arguments arguments, Api api, Screen screen) throws CliException {
    if (arguments.words().isEmpty()) return own(api, screen);
    var service = arguments.only("service");
    var told = api.get("/llm/services/" + Api.encoded(service) + "/ping");
    boolean up = told.path("status").asText().equals("up");
    if (screen.json()) screen.json(told);
    else if (up) screen.line(service + " is up, " + told.path("latency_ms").asText() + " ms");
    else
      screen.line(
          service
              + " is "
              + told.path("status").asText()
              + ": "
              + error(told.path("error").asText()));
    return up ? 0 : CliException.REFUSED;
  }

  private static String error(String said) {
    return said.isEmpty() || said.equals("null") ? "it does not answer" : said;
  }

  private static int own(Api api, Screen screen) throws CliException {
    var told = api.post("/api/settings/llm/test", Json.object());
    boolean connected = told.path("status").asText().equals("connected");
    if (screen.json()) screen.json(told);
    else if (!connected) screen.line(told.path("error").asText());
    else {
      screen.line(
          "%s is up, %s ms, models: %s"
              .formatted(
                  told.at("/server_info/name").asText(),
                  told.at("/server_info/latency_ms").asText(),
                  String.join(", ", Json.texts(told.path("models")))));
    }
    return connected ? 0 : CliException.REFUSED;
  }

  @Override
  public String usage() {
    return """
        Usage: caravan test [options] [SERVICE]
        Asks a service now whether it is there; without a name the one of your own settings. It exits with 0
        if it is.
        """;
  }
}

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code models}: the models of all services. */
final class ModelsCommand implements Command {

  private static final List<String> FILTERS =
      List.of("--service", "--type", "--state", "--capability", "--text");

  private static final int MOST = 1000;

  @Override
  public int run(Arguments arguments, Api api, Screen screen) throws CliException {
    arguments.none();
    var path = new StringBuilder("/llm/models?limit=" + MOST);
    for (var filter : FILTERS) {
      if (!arguments.has(filter)) continue;
      path.append('&').append(filter.substring(2)).append('=');
      path.append(Api.encoded(arguments.get(filter)));
    }
    var list = list(path.toString(), api);
    if (screen.json()) {
      screen.json(list);
      return 0;
    }
    var rows = new ArrayList<List<String>>();
    for (var model : list.path("data")) {
      rows.add(
          List.of(
              model.path("id").asText(),
              model.path("type").asText(),
              model.path("state").asText(),
              Screen.bytes(model.path("size").asLong()),
              model.path("max_tokens").isNumber() ? model.path("max_tokens").asText() : ""));
    }
    screen.table(List.of("MODEL", "TYPE", "STATE", "SIZE", "CONTEXT"), rows);
    long more = list.path("total").asLong(rows.size()) - rows.size();
    if (more > 0)
      screen.err().println("and " + more + " more; --service and --text narrow it down");
    return 0;
  }

  /** A client's key opens less than an admin's: the models, but nothing about them. */
  static JsonNode list(String path, Api api) throws CliException {
    try {
      return api.get(path);
    } catch (Refused e) {
      if (e.status() != 403) throw e;
      return api.get("/v1/models");
    }
  }

  @Override
  public Set<String> options() {
    return Set.copyOf(FILTERS);
  }

  @Override
  public String usage() {
    return """
        Usage: caravan models [options]
        Lists the models of all services, under the names that chat, load and requests use.
          --service NAME     of one service
          --type TYPE        llm, vlm, embeddings, vision or unknown
          --state STATE      such as loaded
          --capability WORD  such as tools, vision or coding
          --text TEXT        in name, description, publisher or architecture
        """;
  }
}

package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code keys}: who may use the gateway. */
final class KeysCommand implements Command {

  private static final Set<String> LISTS = Set.of("--allowed-models", "--allowed-services");
  private static final Set<String> NUMBERS = Set.of("--requests-per-minute", "--tokens-per-minute");
  private static final Set<String> OPTIONS =
      Set.of(
          "--scope",
          "--expires-at",
          "--allowed-models",
          "--allowed-services",
          "--requests-per-minute",
          "--tokens-per-minute");

  @Override
  public int run(Arguments arguments, Api api, Screen screen) throws CliException {
    var words = arguments.words();
    var action = words.isEmpty() ? "list" : words.get(0);
    if (action.equals("list") && words.size() < 2) return list(api, screen);
    if (words.size() != 2) throw Arguments.usage("keys takes nothing, create NAME, or delete ID");
    return switch (action) {
      case "create" -> create(wanted(words.get(1), arguments), api, screen);
      case "delete" -> delete(words.get(1), api, screen);
      default -> throw Arguments.usage("'" + action + "' is neither list, create nor delete");
    };
  }

  private static int list(Api api, Screen screen) throws CliException {
    var list = api.get("/api/keys?limit=500");
    if (screen.json()) {
      screen.json(list);
      return 0;
    }
    var rows = new ArrayList<List<String>>();
    for (var key : list.path("data")) {
      rows.add(
          List.of(
              key.path("id").asText(),
              key.path("name").asText(),
              key.path("scope").asText(),
              key.path("key").asText(),
              key.path("disabled").asBoolean() ? "disabled" : text(key.path("expires_at"))));
    }
    screen.table(List.of("ID", "NAME", "SCOPE", "KEY", "EXPIRES"), rows);
    return 0;
  }

  private static String text(JsonNode value) {
    return value.isTextual() ? value.asText() : "never";
  }

  private static ObjectNode wanted(String name, Arguments arguments) throws CliException {
    var wanted = Json.object().put("name", name);
    for (var option : arguments.options().keySet()) {
      if (!OPTIONS.contains(option)) continue;
      var field = option.substring(2).replace('-', '_');
      if (NUMBERS.contains(option)) wanted.put(field, arguments.number(option).longValue());
      else if (!LISTS.contains(option)) wanted.put(field, arguments.get(option));
      else {
        var list = wanted.putArray(field);
        for (var item : arguments.get(option).split(",")) list.add(item.strip());
      }
    }
    return wanted;
  }

  /** The key itself goes to standard output alone, so that it can be piped. */
  private static int create(ObjectNode wanted, Api api, Screen screen) throws CliException {
    var made = api.post("/api/keys", wanted);
    if (screen.json()) {
      screen.json(made);
      return 0;
    }
    screen.err().println("caravan: this key is shown only now");
    screen.line(made.path("key").asText());
    return 0;
  }

  private static int delete(String id, Api api, Screen screen) throws CliException {
    var told = api.delete("/api/keys/" + Api.encoded(id));
    if (screen.json()) screen.json(told);
    else screen.line("the key " + id + " opens nothing any more");
    return 0;
  }

  @Override
  public Set<String> options() {
    return OPTIONS;
  }

  @Override
  public String usage() {
    return """
        Usage: caravan keys [options]              lists the keys
               caravan keys create [options] NAME  makes a key and prints it, once
               caravan keys delete [options] ID    from now on it opens nothing
          --scope SCOPE            client (default) or admin
          --expires-at TIME        such as 2027-01-31T00:00:00Z
          --allowed-models A,B     only these models
          --allowed-services A,B   only these services
          --requests-per-minute N
          --tokens-per-minute N
        """;
  }
}

package io.caravan.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.inbound.ServiceOrigins;
import io.caravan.settings.Masked;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Tells where each service comes from: the user's file, the API, or the jar. */
public final class Origins implements ServiceOrigins {

  private static final String NUMBER = ".*-(sec|ms|attempts|concurrent|queue)";

  private final LiveConfiguration live;
  private final StoredServices stored;
  private final Refusals refusals;

  public Origins(LiveConfiguration live, StoredServices stored, Refusals refusals) {
    this.live = live;
    this.stored = stored;
    this.refusals = refusals;
  }

  @Override
  public void tell(String service, ObjectNode to) {
    boolean users = live.layers().isUsers(service);
    var row = stored.all().get(service);
    var others = row == null ? "built-in" : "api";
    to.put("origin", users ? "file" : others).put("read_only", users);
    if (row != null) to.put("version", row.version());
    if (users && row != null) {
      to.put(
          "note",
          "caravan.properties or the environment defines it, and that counts; the service of this"
              + " name in the database does not.");
    }
  }

  @Override
  public void tellSettings(String service, ObjectNode to) {
    var row = stored.all().get(service);
    if (row == null) return;
    var settings = to.putObject("settings");
    row.settings().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(each -> put(settings, each.getKey(), shown(each.getKey(), each.getValue())));
  }

  private static String shown(String setting, String value) {
    return SecretSettings.holds(setting) ? Masked.of(value) : value;
  }

  /** A setting as the API has it: a list, a number, true or false, or a text. */
  static void put(ObjectNode to, String setting, String value) {
    var field = ServiceRequest.field(setting);
    if (setting.equals("urls")) {
      var urls = to.putArray(field);
      Stream.of(value.split(","))
          .map(String::strip)
          .filter(url -> !url.isEmpty())
          .forEach(urls::add);
    } else if (value.matches("true|false")) {
      to.put(field, Boolean.parseBoolean(value));
    } else if (setting.matches(NUMBER) && value.matches("\\d{1,9}")) {
      to.put(field, Integer.parseInt(value));
    } else if (setting.matches(NUMBER) && value.matches("\\d{1,9}\\.\\d{1,6}")) {
      to.put(field, Double.parseDouble(value));
    } else {
      to.put(field, value);
    }
  }

  @Override
  public void tellOthers(ArrayNode to) {
    var names = new TreeSet<>(live.problems().keySet());
    names.addAll(stored.all().keySet());
    for (var name : names) {
      if (live.isInUse(name)) continue;
      var row = stored.all().get(name);
      var provider = live.configuration().get("caravan.service." + name + ".provider");
      var one = to.addObject().put("name", name).put("provider", provider);
      if (row != null) put(one, "urls", row.settings().getOrDefault("urls", ""));
      var problem = stored.locked().getOrDefault(name, live.problems().get(name));
      one.put("status", problem == null ? "disabled" : "error").put("error", problem);
      tell(name, one);
    }
  }

  @Override
  public ArrayNode refused() {
    var all = refusals.json();
    stored
        .locked()
        .forEach(
            (name, why) -> {
              if (!live.isInUse(name)) all.addObject().put("service", name).put("reason", why);
            });
    return all;
  }
}

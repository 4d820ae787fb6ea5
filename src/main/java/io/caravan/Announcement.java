package io.caravan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.Service;
import io.caravan.settings.Configuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;

/** Tells on the console, once, where the gateway is, how to try it, and what it has found. */
final class Announcement extends MainListenerSupport {

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final int MODELS_SHOWN = 6;

  /** Control and format characters, such as escapes and turns of direction, and line ends. */
  private static final Pattern STEERING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private static final String TEXT =
      """
      Caravan is ready at %s
        services  %s
        models    %s
        try       curl %s/v1/chat/completions -H 'Content-Type: application/json'%s -d '{"model":"%s","messages":[{"role":"user","content":"Hello"}]}'""";

  private static final String ADMIN =
      """
      Caravan has made an admin token. It is shown only now; keep it:
        %s""";

  private final Configuration configuration;
  private final Catalog catalog;
  private final boolean keys;

  /**
   * @param keys whether callers must show one
   */
  Announcement(Configuration configuration, Catalog catalog, boolean keys) {
    this.keys = keys;
    this.configuration = configuration;
    this.catalog = catalog;
  }

  @Override
  public void afterStart(BaseMainSupport main) {
    catalog.rounds().first(PATIENCE).thenRun(() -> System.out.println(text()));
  }

  /** The token of the first admin, which is written nowhere else. */
  static void adminToken(String token) {
    System.out.println(ADMIN.formatted(token));
  }

  private String text() {
    var host = configuration.get("caravan.server.host");
    var at = host.contains(":") ? "[" + host + "]" : host;
    boolean tls = configuration.get("caravan.server.tls-certificate") != null;
    var url = (tls ? "https://" : "http://") + at + ":" + configuration.get("caravan.server.port");
    var models = models();
    return TEXT.formatted(
        url,
        services(),
        shown(models),
        url,
        keys ? " -H \"Authorization: Bearer $KEY\"" : "",
        tried(models));
  }

  /** The first model whose name stays what it is inside the command's quotes. */
  static String tried(List<String> models) {
    return models.stream()
        .filter(model -> model.chars().noneMatch(c -> "'\"\\".indexOf(c) >= 0))
        .findFirst()
        .orElse("service~model");
  }

  private String services() {
    var found = new ArrayList<String>();
    available()
        .forEach((service, listed) -> found.add(service.name() + " (" + listed.size() + ")"));
    return found.isEmpty() ? "none found" : String.join(", ", found);
  }

  private List<String> models() {
    var models = new ArrayList<String>();
    available()
        .forEach(
            (service, listed) ->
                listed.forEach(
                    model -> models.add(service.name() + "~" + plain(model.path("id").asText()))));
    return models;
  }

  /** A service chooses its models' names, so none may steer the terminal or break its lines. */
  static String plain(String id) {
    return STEERING.matcher(id).replaceAll("?");
  }

  private Map<Service, List<ObjectNode>> available() {
    var all = catalog.all();
    all.keySet().removeIf(service -> catalog.problem(service) != null);
    return all;
  }

  private static String shown(List<String> models) {
    if (models.isEmpty()) return "none yet; they are looked for every now and then";
    var first = String.join(", ", models.subList(0, Math.min(MODELS_SHOWN, models.size())));
    int more = models.size() - MODELS_SHOWN;
    return more > 0 ? first + " and " + more + " more (GET /v1/models)" : first;
  }
}

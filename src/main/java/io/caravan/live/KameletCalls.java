package io.caravan.live;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;

/**
 * Looks at what a Kamelet's template calls before it is let in. Camel itself only finds out with a
 * call that there is no such route, or no such class.
 */
final class KameletCalls {

  private static final Pattern ROUTE = Pattern.compile("(direct|seda):(?://)?([^?{}$]+)(\\?.*)?");
  private static final Set<String> CALLS =
      Set.of("uri", "to", "toD", "wireTap", "enrich", "pollEnrich");

  private final CamelContext context;
  private final String text;
  private final Set<String> routes;

  KameletCalls(CamelContext context, String text) {
    this.context = context;
    this.text = text;
    routes =
        context.getRoutes().stream()
            .map(route -> plain(route.getEndpoint().getEndpointBaseUri()))
            .collect(Collectors.toSet());
  }

  /**
   * Looks at a template, which is YAML.
   *
   * @throws IllegalArgumentException with the line, if it names a route or class that does not
   *     exist
   */
  void check(Object template) {
    if (template instanceof Collection<?> all) all.forEach(this::check);
    if (!(template instanceof Map<?, ?> map)) return;
    map.forEach(
        (key, value) -> {
          if (value instanceof String said && CALLS.contains(key)) route(said, map);
          if (value instanceof String said && key.equals("type") && map.containsKey("name"))
            type(said);
          check(value);
        });
  }

  /** Also the long way to write it: the uri {@code direct}, and the name as a parameter. */
  private void route(String uri, Map<?, ?> step) {
    var parameters = step.get("parameters") instanceof Map<?, ?> given ? given : Map.of();
    var whole = uri.matches("direct|seda") ? uri + ":" + parameters.get("name") : uri;
    var called = ROUTE.matcher(whole);
    if (!called.matches() || routes.contains(called.group(1) + ":" + called.group(2))) return;
    throw wrong(called.group(2), "there is no route " + called.group(1) + ":" + called.group(2));
  }

  private void type(String type) {
    var name = type.replaceFirst("^#class:", "").replaceFirst("\\(.*", "");
    boolean isClass = name.matches("[a-z]\\w*(\\.\\w+)*\\.[A-Z][\\w$]*");
    if (isClass && context.getClassResolver().resolveClass(name) == null)
      throw wrong(name, "there is no class " + name);
  }

  private IllegalArgumentException wrong(String word, String reason) {
    var template = text.substring(text.indexOf("\n  template:") + 1);
    var before = text.length() - template.length() + Math.max(0, template.indexOf(word));
    long line = 1 + text.substring(0, before).chars().filter(each -> each == '\n').count();
    return new IllegalArgumentException("line " + line + ": " + reason);
  }

  private static String plain(String uri) {
    return uri.replace("://", ":");
  }
}

package io.caravan.discovery;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Loads Kamelet files that appear or change while the gateway runs. Each version becomes a template
 * of its own, {@code acme-sink-v2}, so that a call in flight ends on the version it began with, and
 * a version that cannot be loaded changes nothing.
 */
public final class KameletVersions {

  private static final String SUFFIX = ".kamelet.yaml";

  private final CamelContext context;
  private final Map<String, Integer> versions = new ConcurrentHashMap<>();

  public KameletVersions(CamelContext context) {
    this.context = context;
  }

  /**
   * Loads a file as it is now.
   *
   * @param file {@code <name>.kamelet.yaml}
   * @return the template's id
   * @throws IllegalArgumentException naming file, line and reason, if it is no Kamelet that Camel
   *     understands
   * @throws IOException if it cannot be read
   */
  public String load(Path file) throws IOException {
    var name = file.getFileName().toString().replace(SUFFIX, "");
    var text = Files.readString(file);
    var named = Pattern.compile("(?m)^(  name: *)[\"']?" + Pattern.quote(name) + "[\"']? *$");
    var found = named.matcher(text);
    if (!found.find()) {
      throw new IllegalArgumentException(file + ": metadata.name must be " + name);
    }
    var id = name + "-v" + versions.merge(name, 2, (before, first) -> before + 1);
    load(file, id, found.replaceFirst("$1" + id));
    return id;
  }

  private void load(Path file, String id, String text) {
    var resource = ResourceHelper.fromString("file:" + file.resolveSibling(id + SUFFIX), text);
    try {
      PluginHelper.getRoutesLoader(context).loadRoutes(resource);
    } catch (Exception e) {
      var reason = String.valueOf(e.getMessage()).strip().replaceAll("\\s*\n\\s*", " ");
      throw new IllegalArgumentException(
          reason.replace(id + SUFFIX, file.getFileName().toString()), e);
    }
  }
}

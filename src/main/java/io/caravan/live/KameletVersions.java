package io.caravan.live;

import io.caravan.catalog.KameletFile;
import io.caravan.catalog.Provider;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Kamelet files as templates. Each version that is loaded becomes one of its own, {@code
 * acme-sink-v2}, so that a call in flight ends on the version it began with, and one that cannot be
 * loaded changes nothing.
 */
final class KameletVersions {

  /** A call that began so many versions ago has long ended. */
  private static final int TEMPLATES_KEPT = 10;

  private final CamelContext context;
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Integer> versions = new HashMap<>();

  KameletVersions(CamelContext context) {
    this.context = context;
  }

  /** Whether the jar has one of this name. */
  boolean isShipped(String name) {
    return KameletVersions.class.getResource("/kamelets/" + name + KameletFile.SUFFIX) != null;
  }

  /** A reason with the line that it is about. */
  String where(String name, String reason) {
    return KameletLine.in(texts.get(name), reason);
  }

  /**
   * Loads a file as it is now.
   *
   * @param file null for the one in the jar
   * @return the provider with the template's id
   * @throws IllegalArgumentException saying line and reason, if it is no Kamelet that Camel
   *     understands
   */
  Provider load(String name, Path file) {
    var text = text(name, file);
    texts.put(name, text);
    var kamelet = KameletFile.of(name, text);
    if (file != null) new KameletCalls(context, text).check(kamelet.template());
    var id = nextId(name);
    var provider = kamelet.provider(file == null, id);
    var named = Pattern.compile("(?m)^(\\s+name: *)[\"']?" + name + "-sink[\"']? *(#.*)?$");
    var found = named.matcher(text);
    if (!found.find()) throw new IllegalArgumentException("metadata.name must be on its own line");
    load(name, id, found.replaceFirst("$1" + id));
    forget(name);
    return provider;
  }

  private static String text(String name, Path file) {
    var shipped = "/kamelets/" + name + KameletFile.SUFFIX;
    try (var in =
        file == null
            ? KameletVersions.class.getResourceAsStream(shipped)
            : Files.newInputStream(file)) {
      if (in == null) throw new IllegalArgumentException("there is no such file");
      var bytes = java.nio.ByteBuffer.wrap(in.readAllBytes());
      return java.nio.charset.StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("it is not UTF-8", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("it cannot be read: " + Reasons.of(e), e);
    }
  }

  private String nextId(String name) {
    int version = versions.merge(name, 1, Integer::sum);
    var id = name + "-sink" + (version == 1 ? "" : "-v" + version);
    return templates().getRouteTemplateDefinition(id) == null ? id : nextId(name);
  }

  private void load(String name, String id, String text) {
    var resource = ResourceHelper.fromString("file:" + id + ".kamelet.yaml", text);
    try {
      PluginHelper.getRoutesLoader(context).loadRoutes(resource);
    } catch (Exception e) {
      var reason = Reasons.of(e).replace(id + ".kamelet.yaml", name + KameletFile.SUFFIX);
      throw new IllegalArgumentException(reason, e);
    }
  }

  private void forget(String name) {
    int old = versions.get(name) - TEMPLATES_KEPT;
    if (old > 1) remove(name + "-sink-v" + old);
  }

  private void remove(String template) {
    try {
      templates().removeRouteTemplates(template);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private ModelCamelContext templates() {
    return (ModelCamelContext) context;
  }
}

package io.caravan.live;

import io.caravan.catalog.KameletFile;
import io.caravan.catalog.Provider;
import io.caravan.catalog.Providers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * The Kamelet files in the users' folders. Each version that is loaded becomes a template of its
 * own, {@code acme-sink-v2}, so that a call in flight ends on the version it began with, and one
 * that cannot be loaded changes nothing.
 */
final class KameletFiles {

  /** A call that began so many versions ago has long ended. */
  private static final int TEMPLATES_KEPT = 10;

  private final CamelContext context;
  private final Providers providers;
  private final Map<String, WatchedFile> watched = new HashMap<>();
  private final Map<String, Path> paths = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Integer> versions = new HashMap<>();

  KameletFiles(CamelContext context, Providers providers) {
    this.context = context;
    this.providers = providers;
  }

  /** The files by the providers' names, as they are now. */
  Map<String, Path> files() {
    var files = new LinkedHashMap<String, Path>();
    for (var folder : providers.folders()) {
      if (!Files.isDirectory(folder)) continue;
      try (var listed = Files.newDirectoryStream(folder, "*" + KameletFile.SUFFIX)) {
        for (var file : listed) {
          var name = file.getFileName().toString().replace(KameletFile.SUFFIX, "");
          if (Files.isRegularFile(file)) files.putIfAbsent(name, file);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(folder + " cannot be read: " + e.getMessage(), e);
      }
    }
    return files;
  }

  /** These files count as seen. */
  void taken(Map<String, Path> files) {
    paths.putAll(files);
    files.forEach((name, file) -> watched.put(name, new WatchedFile(file)));
  }

  /** The providers whose file is new, changed or gone (then null) since the last look. */
  Map<String, Path> changed() {
    var now = files();
    paths.putAll(now);
    Set<String> names = new TreeSet<>(now.keySet());
    names.addAll(watched.keySet());
    var changed = new LinkedHashMap<String, Path>();
    for (var name : names) {
      var file = watched.computeIfAbsent(name, any -> WatchedFile.unseen());
      if (file.hasChanged(now.get(name))) changed.put(name, now.get(name));
    }
    return changed;
  }

  /** Where a provider's file is, or was. */
  Path path(String name) {
    return paths.get(name);
  }

  /** Whether the jar has one of this name. */
  boolean isShipped(String name) {
    return KameletFiles.class.getResource("/kamelets/" + name + KameletFile.SUFFIX) != null;
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
            ? KameletFiles.class.getResourceAsStream(shipped)
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

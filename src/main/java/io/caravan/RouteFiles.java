package io.caravan;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.main.DefaultRoutesCollector;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.util.AntPathMatcher;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The route files in the jar and those that users put beside it. A user's route with the id of a
 * shipped one takes its place.
 */
final class RouteFiles extends DefaultRoutesCollector {

  private static final String SUFFIX = ".camel.yaml";

  private final List<Path> files = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private final ShippedRoutes shipped;
  private boolean asked;

  /**
   * @param shipped those in the jar
   * @param folders where users put route files; may be absent
   * @throws IllegalArgumentException naming file and reason, if one is no YAML
   * @throws IOException if one cannot be read
   */
  RouteFiles(ShippedRoutes shipped, List<Path> folders) throws IOException {
    this.shipped = shipped;
    for (var folder : folders) {
      if (!Files.isDirectory(folder)) continue;
      try (var listed = Files.list(folder)) {
        listed.filter(file -> file.toString().endsWith(SUFFIX)).sorted().forEach(files::add);
      }
    }
    for (var file : files) readIds(file);
  }

  /** Whether users have routes of their own, which may block. */
  boolean any() {
    return !files.isEmpty();
  }

  /**
   * The shipped routes that nobody replaces, and the users'. Camel's own collector unpacks the
   * whole jar for each pattern. Camel asks first to see what else a file brings, such as beans;
   * shipped ones bring nothing.
   */
  @Override
  public Collection<Resource> findRouteResourcesFromDirectory(
      CamelContext context, String excluded, String included) {
    var resources = new ArrayList<Resource>();
    if (asked) resources.addAll(shipped(included));
    else shipped.install(context);
    for (var file : files) resources.add(ResourceHelper.resolveResource(context, "file:" + file));
    asked = true;
    return resources;
  }

  /** The shipped routes that fit the patterns and nobody replaces, for Camel. */
  List<Resource> shipped(String patterns) {
    return shipped.locations().stream()
        .filter(name -> Stream.of(patterns.split(",")).anyMatch(pattern -> matches(pattern, name)))
        .filter(name -> !ids.contains(id(name)))
        .map(shipped::resource)
        .toList();
  }

  private static boolean matches(String pattern, String file) {
    return AntPathMatcher.INSTANCE.match(pattern, file);
  }

  /**
   * The failure of a start, told as the user's mistake if a route file of theirs is named in it.
   */
  Exception blame(Exception failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      var reason = String.valueOf(cause.getMessage());
      if (files.stream().anyMatch(file -> reason.contains(file.toString()))) {
        return new IllegalArgumentException(reason.strip().replaceAll("\\s*\n\\s*", " "), failure);
      }
    }
    return failure;
  }

  /** A shipped route has the name of its file. */
  private static String id(String location) {
    return location.substring(location.lastIndexOf('/') + 1).replace(SUFFIX, "");
  }

  private void readIds(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      var yaml = new Load(LoadSettings.builder().build()).loadFromInputStream(in);
      if (!(yaml instanceof List<?> entries)) {
        throw new IllegalArgumentException(file + " is no list of routes");
      }
      for (var entry : entries) {
        if (entry instanceof Map<?, ?> map && map.get("route") instanceof Map<?, ?> route) {
          ids.add(String.valueOf(route.get("id")));
        }
      }
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(file + " is no YAML: " + e.getMessage(), e);
    }
  }
}

package io.caravan;

import java.io.ByteArrayInputStream;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.service.ServiceHelper;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.YamlUnicodeReader;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * Camel's loader of route files, which finds those of the jar parsed: a thread of its own does that
 * while Camel is being made. Camel itself opens and parses each file twice, one after the other,
 * which takes a sixth of the start.
 */
final class ShippedRoutes extends YamlRoutesBuilderLoader {

  /** The name under which Camel looks for who loads files of this kind. */
  private static final String ROLE = "routes-builder-loader-camel.yaml";

  private static final String CLASSPATH = "classpath:";

  private final CompletableFuture<Map<String, Parsed>> files =
      CompletableFuture.supplyAsync(ShippedRoutes::parse);

  private record Parsed(String location, byte[] content, Node root) {}

  /** Makes Camel load route files with this. */
  void install(CamelContext context) {
    setCamelContext(context);
    ServiceHelper.startService(this);
    context.getRegistry().bind(ROLE, this);
  }

  /** The locations of all, such as {@code classpath:routes/api/models.camel.yaml}, sorted. */
  Collection<String> locations() {
    return files.join().keySet().stream().sorted().toList();
  }

  /** One of the locations, for Camel. */
  Resource resource(String location) {
    return ResourceHelper.fromBytes(location, files.join().get(location).content());
  }

  /** Shipped files bring nothing that is needed before the routes, such as beans. */
  @Override
  public void preParseRoute(Resource resource) throws Exception {
    if (!files.join().containsKey(resource.getLocation())) super.preParseRoute(resource);
  }

  @Override
  public RouteBuilder doLoadRouteBuilder(Resource resource) throws Exception {
    var parsed = files.join().get(resource.getLocation());
    if (parsed == null) return super.doLoadRouteBuilder(resource);
    var context = newYamlDeserializationContext(settings(parsed.location()), resource);
    return builder(context, parsed.root());
  }

  private static Map<String, Parsed> parse() {
    return ShippedFiles.under("routes/").entrySet().stream()
        .map(file -> parsed(CLASSPATH + file.getKey(), file.getValue()))
        .collect(Collectors.toMap(Parsed::location, Function.identity()));
  }

  private static Parsed parsed(String location, byte[] content) {
    var settings = settings(location);
    var reader =
        new StreamReader(settings, new YamlUnicodeReader(new ByteArrayInputStream(content)));
    var root = new Composer(settings, new ParserImpl(settings, reader)).getSingleNode();
    return new Parsed(location, content, root.orElseThrow());
  }

  private static LoadSettings settings(String location) {
    return LoadSettings.builder().setLabel(location).build();
  }
}

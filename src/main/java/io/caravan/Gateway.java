package io.caravan;

import io.caravan.catalog.Catalog;
import io.caravan.catalog.KeptCatalog;
import io.caravan.catalog.Providers;
import io.caravan.catalog.Services;
import io.caravan.dialect.OpenAiDialect;
import io.caravan.discovery.Discovery;
import io.caravan.edge.AsyncHttpEngine;
import io.caravan.edge.ControlThread;
import io.caravan.edge.ServerOptions;
import io.caravan.inbound.AnswerWriter;
import io.caravan.inbound.BreakerList;
import io.caravan.inbound.ErrorWriter;
import io.caravan.inbound.Health;
import io.caravan.inbound.RequestReader;
import io.caravan.inbound.TokenWriter;
import io.caravan.local.LocalCalls;
import io.caravan.local.LocalModels;
import io.caravan.local.LocalService;
import io.caravan.local.LocalSettings;
import io.caravan.local.LocalStatus;
import io.caravan.local.SmallServer;
import io.caravan.resilience.Breakers;
import io.caravan.routing.Aliases;
import io.caravan.routing.Loads;
import io.caravan.routing.Shadow;
import io.caravan.routing.TargetChoice;
import io.caravan.settings.Configuration;
import io.caravan.settings.Locations;
import io.caravan.store.Database;
import io.caravan.store.DatabaseUrl;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts together: every bean that the routes name. */
final class Gateway {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);

  /** Vert.x reads no files for us; otherwise it leaves a folder behind when it is killed. */
  private static final FileSystemOptions NO_FILES =
      new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);

  private final Configuration configuration;
  private final Clock clock = Clock.systemUTC();
  private final Main main = new Main();
  private final Providers providers;
  private final Database database;
  private final Catalog catalog;
  private final Lifecycle lifecycle;
  private final LocalModels localModels;
  private final LocalService localService;
  private final Breakers breakers;
  private final Discovery discovery;
  private final ErrorWriter errorWriter = new ErrorWriter();
  private final ExecutorService control = CatalogParts.control();
  private final Vertx vertx =
      Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setFileSystemOptions(NO_FILES));
  private final RouteFiles routeFiles;
  private final AsyncHttpEngine engine;

  Gateway(Configuration configuration, Locations locations, Map<String, String> environment)
      throws IOException {
    this.configuration = configuration;
    var folders = locations.folders(configuration.get("caravan.providers", ""));
    providers = new Providers(folders);
    database = new Database(DatabaseUrl.of(configuration));
    var interval = configuration.number("caravan.discovery.interval-sec", 30);
    var services = Services.from(configuration, providers, environment);
    catalog = new Catalog(services, clock, Duration.ofMillis((long) (interval * 1000)));
    localModels = new LocalSettings(configuration).models(locations, clock);
    localService = new LocalService(localModels, catalog);
    breakers = new Breakers(configuration, clock);
    discovery = new Discovery(catalog, breakers, control);
    lifecycle = new Lifecycle(configuration, locations, environment, database, catalog, clock);
    routeFiles = new RouteFiles(locations.folders(configuration.get("caravan.routes", "")));
    main.setRoutesCollector(routeFiles);
    boolean onLoops = !routeFiles.any();
    engine =
        new AsyncHttpEngine(vertx, ServerOptions.of(configuration, onLoops), this::answerFailure);
    configure(folders);
    bind();
  }

  /** Runs until the process is told to stop. */
  int run() throws Exception {
    var kept = new KeptCatalog(catalog, database);
    main.addMainListener(
        new Phases(engine, catalog, kept, database, localModels, localService, lifecycle)
            .preloading(configuration.get("caravan.local.preload")));
    main.addMainListener(new Announcement(configuration, catalog));
    try {
      main.run();
    } catch (Exception e) {
      throw routeFiles.blame(e);
    }
    return main.getExitCode();
  }

  /** A route has ended with an exception: the client is told, and the service is looked at soon. */
  private void answerFailure(Exchange exchange) {
    discovery.suspect(exchange);
    errorWriter.process(exchange);
  }

  private void configure(List<Path> folders) {
    configuration.overrides().forEach(main::addOverrideProperty);
    var kamelets =
        Stream.concat(
                folders.stream().map(folder -> "file:" + folder), Stream.of("classpath:kamelets"))
            .collect(Collectors.joining(","));
    main.addInitialProperty("camel.component.kamelet.location", kamelets);
  }

  private void bind() {
    for (var key : configuration.unknown()) LOG.warn("The setting {} is not known", key);
    var aliases = Aliases.from(configuration);
    var loads = new Loads();
    var choice =
        new TargetChoice(catalog, aliases, configuration, loads, ThreadLocalRandom::current);
    new DispatchParts(configuration, clock, vertx, engine, breakers).bind(main, choice, loads);
    new CatalogParts(configuration, providers, catalog, database, aliases, clock)
        .bind(main, discovery, control);
    lifecycle.bind(main, localModels);
    main.bind("vertx", vertx);
    main.bind("platform-http-engine", engine);
    main.bind("database", database);
    main.bind("controlThread", new ControlThread(vertx));
    main.bind("requestReader", new RequestReader(configuration));
    main.bind("targetChoice", choice);
    main.bind("shadow", new Shadow());
    main.bind("openAiDialect", new OpenAiDialect());
    main.bind("answerWriter", new AnswerWriter(clock));
    main.bind("tokenWriter", new TokenWriter());
    main.bind("health", new Health(catalog));
    main.bind("breakerList", new BreakerList(breakers));
    bindLocal();
  }

  private void bindLocal() {
    localService.lookEarly();
    main.bind("localService", localService);
    main.bind("localStatus", new LocalStatus(localModels));
    var preload = configuration.get("caravan.local.preload");
    var calls = new LocalCalls(localModels);
    main.bind("localCalls", calls);
    main.bind("smallServer", new SmallServer(localModels, localService, calls, preload));
  }
}

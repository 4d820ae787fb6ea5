package io.caravan;

import io.caravan.access.Access;
import io.caravan.access.SecretsApi;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.ConfiguredServices;
import io.caravan.catalog.KeptCatalog;
import io.caravan.catalog.Providers;
import io.caravan.catalog.Services;
import io.caravan.discovery.Discovery;
import io.caravan.edge.AsyncHttpEngine;
import io.caravan.edge.ControlThread;
import io.caravan.edge.ServerOptions;
import io.caravan.edge.VertxCallLoop;
import io.caravan.inbound.BreakerList;
import io.caravan.inbound.ErrorWriter;
import io.caravan.inbound.Health;
import io.caravan.inbound.RouteList;
import io.caravan.live.LiveConfiguration;
import io.caravan.live.LiveParts;
import io.caravan.metrics.Tally;
import io.caravan.resilience.Breakers;
import io.caravan.resilience.Gates;
import io.caravan.resilience.RuleBook;
import io.caravan.routing.Loads;
import io.caravan.routing.Names;
import io.caravan.routing.TargetChoice;
import io.caravan.settings.Configuration;
import io.caravan.settings.ListenAddress;
import io.caravan.settings.Sources;
import io.caravan.store.Database;
import io.caravan.store.DatabaseUrl;
import io.caravan.store.MasterKey;
import io.caravan.store.Vault;
import io.caravan.web.Watch;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
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

  private final Configuration configuration;
  private final LiveConfiguration live;
  private final Vault vault;
  private final ChangeParts changes;
  private final Clock clock = Clock.systemUTC();
  private final Main main = new CamelMain();
  private final Providers providers;
  private final Database database;
  private final Access access;
  private final Catalog catalog;
  private final Lifecycle lifecycle;
  private final LocalParts local;
  private final Breakers breakers;
  private final Loads loads = new Loads(clock);
  private final RuleBook rules;
  private final Gates gates;
  private final Discovery discovery;
  private final ErrorWriter errorWriter = new ErrorWriter();
  private final ExecutorService control = CatalogParts.control();
  private final Vertx vertx;
  private final RouteFiles routeFiles;
  private final AsyncHttpEngine engine;
  private Watch watch;

  /**
   * @param users settings as they are read from their sources
   * @param ahead what was begun before they were read
   */
  Gateway(Configuration users, Sources sources, ListenAddress address, Ahead ahead)
      throws IOException {
    configuration = address.in(users);
    var locations = sources.locations();
    var environment = sources.environment();
    var folders = locations.folders(configuration.get("caravan.providers", ""));
    providers = new Providers(folders);
    database = new Database(DatabaseUrl.of(configuration));
    access = Access.of(configuration, database, clock);
    var interval = configuration.number("caravan.discovery.interval-sec", 30);
    var found = ConfiguredServices.read(configuration, providers, environment);
    found.warn();
    var shipped = found.services().stream().filter(each -> each.provider().shipped()).toList();
    var services = new Services(shipped); // the others when their Kamelets are loaded
    catalog = new Catalog(services, clock, Duration.ofMillis((long) (interval * 1000)));
    catalog.expect(found.services());
    local = LocalParts.of(configuration, locations, catalog, clock);
    breakers = new Breakers(configuration, clock);
    discovery = new Discovery(catalog, breakers, control);
    var choice =
        new TargetChoice(catalog, Names.of(configuration), loads, ThreadLocalRandom::current);
    rules = new RuleBook(configuration);
    gates = new Gates(configuration);
    var parts = new LiveParts(catalog, choice, rules, gates, breakers, loads);
    live = new LiveConfiguration(parts, providers, users, found, environment, address::in, clock);
    vault = new Vault(database::dataSource, MasterKey.of(configuration, environment), clock);
    changes = ChangeParts.of(main, live, sources, providers, database, vault, clock);
    lifecycle =
        new Lifecycle(
            configuration, locations, environment, database, catalog, live::configuration, clock);
    routeFiles =
        new RouteFiles(ahead.routes(), locations.folders(configuration.get("caravan.routes", "")));
    main.setRoutesCollector(routeFiles);
    boolean onLoops = !routeFiles.any();
    vertx = ahead.vertx().join();
    engine =
        new AsyncHttpEngine(
            vertx, ServerOptions.of(configuration, onLoops), this::answerFailure, access);
    engine.listen();
    configure(folders);
    bind(choice);
  }

  /** Runs until the process is told to stop. */
  int run() throws Exception {
    var kept = new KeptCatalog(catalog, database);
    main.addMainListener(
        new Phases(engine, catalog, kept, database, local, lifecycle, changes, access)
            .watching(watch));
    main.addMainListener(new Announcement(configuration, catalog, access.isRequired()));
    var later = configuration.get("caravan.routes-later", "");
    main.addMainListener(new LaterRoutes(routeFiles, later, engine, catalog));
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

  private void bind(TargetChoice choice) {
    for (var key : configuration.unknown()) LOG.warn("The setting {} is not known", key);
    var tally = new Tally(loads);
    new DispatchParts(configuration, clock, vertx, engine, breakers, rules, gates, tally, access)
        .bind(main, choice, loads);
    new CatalogParts(configuration, providers, catalog, database, choice, changes.origins(), clock)
        .bind(main, discovery, control);
    new PersonalParts(configuration, providers, database, vault, breakers, clock).bind(main);
    lifecycle.bind(main, local.models());
    local.bind(main, new VertxCallLoop(vertx));
    new StageParts(configuration, live::configuration, choice, clock).bind(main);
    watch =
        new PageParts(
                configuration,
                catalog,
                changes.origins(),
                lifecycle.jobs(),
                loads,
                tally,
                engine,
                access.isRequired(),
                clock)
            .bind(main, control);
    bindAccess();
    main.bind("vertx", vertx);
    main.bind("platform-http-engine", engine);
    main.bind("database", database);
    main.bind("controlThread", new ControlThread(vertx));
    main.bind("health", new Health(catalog, database));
    main.bind("breakerList", new BreakerList(breakers));
  }

  private void bindAccess() {
    main.bind("vault", vault);
    main.bind("keysApi", access.keysApi());
    main.bind("routeList", new RouteList());
    main.bind("audit", access.auditApi());
    main.bind("secretsApi", new SecretsApi(vault));
  }
}

package io.caravan;

import io.caravan.catalog.Catalog;
import io.caravan.catalog.CatalogView;
import io.caravan.catalog.KeptCatalog;
import io.caravan.catalog.OwnAddress;
import io.caravan.catalog.Provider;
import io.caravan.catalog.Providers;
import io.caravan.catalog.Services;
import io.caravan.dialect.OpenAiDialect;
import io.caravan.discovery.Details;
import io.caravan.discovery.Discovery;
import io.caravan.discovery.Identity;
import io.caravan.discovery.Proposals;
import io.caravan.edge.AsyncHttpEngine;
import io.caravan.edge.ControlThread;
import io.caravan.edge.OwnThread;
import io.caravan.edge.ServerOptions;
import io.caravan.inbound.AnswerWriter;
import io.caravan.inbound.ErrorWriter;
import io.caravan.inbound.LlmModels;
import io.caravan.inbound.LlmServices;
import io.caravan.inbound.ModelList;
import io.caravan.inbound.RegistryModels;
import io.caravan.inbound.RequestReader;
import io.caravan.local.LocalModels;
import io.caravan.local.LocalService;
import io.caravan.local.WorkerJvms;
import io.caravan.metrics.Metrics;
import io.caravan.routing.Aliases;
import io.caravan.routing.Dispatch;
import io.caravan.routing.TargetChoice;
import io.caravan.settings.Configuration;
import io.caravan.settings.Locations;
import io.caravan.store.Database;
import io.caravan.store.DatabaseUrl;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the parts together: every bean that the routes name, in one place. */
final class Gateway {

  private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
  private static final int ON_LOOP_BYTES = 64 << 10;

  private final Configuration configuration;
  private final Locations locations;
  private final Clock clock = Clock.systemUTC();
  private final Main main = new Main();
  private final Database database;
  private final Lifecycle lifecycle;
  private final Catalog catalog;
  private final KeptCatalog kept;
  private final ExecutorService control = Executors.newFixedThreadPool(2, Gateway::control);
  private final LocalModels localModels;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final AsyncHttpEngine engine;

  Gateway(Configuration configuration, Locations locations, Map<String, String> environment) {
    this.configuration = configuration;
    this.locations = locations;
    database = new Database(DatabaseUrl.of(configuration));
    var providers = locations.folders(configuration.get("caravan.providers", ""));
    var services = Services.from(configuration, new Providers(providers), environment);
    var interval = configuration.number("caravan.discovery.interval-sec", 30);
    catalog = new Catalog(services, clock, Duration.ofMillis((long) (interval * 1000)));
    kept = new KeptCatalog(catalog, database);
    localModels = localModels();
    lifecycle = new Lifecycle(configuration, locations, environment, database, catalog, clock);
    engine = new AsyncHttpEngine(vertx, serverOptions());
    configure(providers);
    bind(new Providers(providers));
  }

  /** Runs until the process is told to stop. */
  int run() throws Exception {
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void afterStart(BaseMainSupport started) {
            open();
            kept.start();
            lifecycle.start();
            // the services first: opening it takes a core for half a second
            catalog.firstRound(Duration.ofSeconds(1)).thenRun(database::open);
          }

          @Override
          public void beforeStop(BaseMainSupport stopping) {
            localModels.stopping();
            lifecycle.stopping();
          }
        });
    main.addMainListener(new Announcement(configuration, catalog));
    try {
      main.run();
    } finally {
      engine.close();
      localModels.close();
      lifecycle.close();
      kept.close();
      database.close();
    }
    return main.getExitCode();
  }

  private void open() {
    try {
      engine.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ServerOptions serverOptions() {
    return new ServerOptions(
        configuration.get("caravan.server.host"),
        (int) configuration.number("caravan.server.port", 0),
        (long) configuration.number("caravan.server.max-body-size", 32 << 20),
        Duration.ofSeconds((long) configuration.number("caravan.server.idle-timeout-sec", 75)),
        Runtime.getRuntime().availableProcessors(),
        ON_LOOP_BYTES);
  }

  private LocalModels localModels() {
    var load =
        Duration.ofSeconds((long) configuration.number("caravan.local.load-timeout-sec", 120));
    int loaded = (int) configuration.number("caravan.local.max-loaded", 4);
    return new LocalModels(
        locations.folders(configuration.get("caravan.local.models", "")),
        new LocalModels.Limits(load, loaded),
        new WorkerJvms(WorkerJvms.Slots.DEFAULT),
        clock);
  }

  private void configure(List<Path> providers) {
    configuration.overrides().forEach(main::addOverrideProperty);
    var kamelets =
        Stream.concat(
                providers.stream().map(folder -> "file:" + folder), Stream.of("classpath:kamelets"))
            .collect(Collectors.joining(","));
    main.addInitialProperty("camel.component.kamelet.location", kamelets);
  }

  private void bind(Providers providers) {
    for (var key : configuration.unknown()) LOG.warn("The setting {} is not known", key);
    var aliases = Aliases.from(configuration);
    var choice = new TargetChoice(catalog, aliases, configuration);
    main.bind("vertx", vertx);
    main.bind("platform-http-engine", engine);
    main.bind("database", database);
    main.bind("catalog", catalog);
    bindDiscovery(providers);
    main.bind("requestReader", new RequestReader(configuration));
    main.bind("targetChoice", choice);
    main.bind("dispatch", new Dispatch());
    main.bind("ownThread", new OwnThread(vertx));
    main.bind("openAiDialect", new OpenAiDialect());
    main.bind("localService", new LocalService(localModels, catalog));
    main.bind("answerWriter", new AnswerWriter(clock));
    main.bind("errorWriter", new ErrorWriter());
    var view = new CatalogView(catalog);
    main.bind("modelList", new ModelList(catalog, view, aliases));
    main.bind("llmModels", new LlmModels(catalog, view, control));
    main.bind("llmServices", new LlmServices(catalog));
    var plain = providers.read("openai-compatible");
    main.bind("registryModels", new RegistryModels(configuration, plain, database, clock, control));
    main.bind("controlThread", new ControlThread(vertx));
    lifecycle.bind(main, localModels);
    main.bind("metrics", new Metrics(engine));
  }

  private void bindDiscovery(Providers providers) {
    main.bind("discovery", new Discovery(catalog, control));
    main.bind("identity", new Identity(catalog));
    main.bind("details", new Details(catalog, control));
    boolean scan = configuration.flag("caravan.discovery.scan", false);
    var proposed = scan ? providers.named(configuration) : List.<Provider>of();
    var root = Path.of("/");
    main.bind("proposals", new Proposals(catalog, proposed, OwnAddress.of(configuration), root));
  }

  private static Thread control(Runnable task) {
    var thread = new Thread(task, "control");
    thread.setDaemon(true);
    return thread;
  }
}

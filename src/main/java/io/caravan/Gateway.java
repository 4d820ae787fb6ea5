package io.caravan;

import io.caravan.catalog.Catalog;
import io.caravan.catalog.Providers;
import io.caravan.catalog.Services;
import io.caravan.dialect.OpenAiDialect;
import io.caravan.discovery.Discovery;
import io.caravan.edge.AsyncHttpEngine;
import io.caravan.edge.KameletOnce;
import io.caravan.edge.OwnThread;
import io.caravan.edge.ServerOptions;
import io.caravan.inbound.AnswerWriter;
import io.caravan.inbound.ErrorWriter;
import io.caravan.inbound.ModelList;
import io.caravan.inbound.RequestReader;
import io.caravan.inbound.TokenWriter;
import io.caravan.local.LocalModels;
import io.caravan.local.LocalService;
import io.caravan.local.LocalSettings;
import io.caravan.local.LocalStatus;
import io.caravan.local.SmallServer;
import io.caravan.metrics.Metrics;
import io.caravan.routing.Aliases;
import io.caravan.routing.Dispatch;
import io.caravan.routing.TargetChoice;
import io.caravan.settings.Configuration;
import io.caravan.settings.Locations;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
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

  private final Configuration configuration;
  private final Clock clock = Clock.systemUTC();
  private final Main main = new Main();
  private final Catalog catalog;
  private final LocalModels localModels;
  private final LocalService localService;
  private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
  private final AsyncHttpEngine engine;

  Gateway(Configuration configuration, Locations locations, Map<String, String> environment) {
    this.configuration = configuration;
    var providers = locations.folders(configuration.get("caravan.providers", ""));
    var services = Services.from(configuration, new Providers(providers), environment);
    catalog = new Catalog(services, clock);
    localModels = new LocalSettings(configuration).models(locations, clock);
    localService = new LocalService(localModels, catalog);
    engine = new AsyncHttpEngine(vertx, ServerOptions.of(configuration, true), new ErrorWriter());
    configure(providers);
    bind();
  }

  /** Runs until the process is told to stop. */
  int run() throws Exception {
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void afterStart(BaseMainSupport started) {
            open();
            localService.preload(configuration.get("caravan.local.preload"));
          }

          @Override
          public void beforeStop(BaseMainSupport stopping) {
            localModels.stopping();
          }
        });
    main.addMainListener(new Announcement(configuration, catalog));
    try {
      main.run();
    } finally {
      localModels.close();
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

  private void configure(List<Path> providers) {
    configuration.overrides().forEach(main::addOverrideProperty);
    var kamelets =
        Stream.concat(
                providers.stream().map(folder -> "file:" + folder), Stream.of("classpath:kamelets"))
            .collect(Collectors.joining(","));
    main.addInitialProperty("camel.component.kamelet.location", kamelets);
  }

  private void bind() {
    for (var key : configuration.unknown()) LOG.warn("The setting {} is not known", key);
    var aliases = Aliases.from(configuration);
    var choice = new TargetChoice(catalog, aliases, configuration);
    main.bind("vertx", vertx);
    main.bind("platform-http-engine", engine);
    main.bind("catalog", catalog);
    main.bind("discovery", new Discovery(catalog));
    main.bind("requestReader", new RequestReader(configuration));
    main.bind("targetChoice", choice);
    main.bind("dispatch", new Dispatch());
    main.bind("ownThread", new OwnThread(vertx));
    main.bind("kameletOnce", new KameletOnce());
    main.bind("openAiDialect", new OpenAiDialect());
    localService.lookEarly();
    main.bind("localService", localService);
    main.bind("localStatus", new LocalStatus(localModels));
    main.bind(
        "smallServer",
        new SmallServer(localModels, localService, configuration.get("caravan.local.preload")));
    main.bind("answerWriter", new AnswerWriter(clock));
    main.bind("tokenWriter", new TokenWriter());
    main.bind("modelList", new ModelList(catalog, aliases));
    main.bind("metrics", new Metrics(engine));
  }
}

package io.caravan;

import io.caravan.catalog.Catalog;
import io.caravan.catalog.Providers;
import io.caravan.catalog.Services;
import io.caravan.dialect.OpenAiDialect;
import io.caravan.discovery.Discovery;
import io.caravan.edge.AsyncHttpEngine;
import io.caravan.errors.OpenAiErrors;
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

  Gateway(Configuration configuration, Locations locations, Map<String, String> environment) {
    this.configuration = configuration;
    var providers = locations.folders(configuration.get("caravan.providers", ""));
    var services = Services.from(configuration, new Providers(providers), environment);
    catalog = new Catalog(services, clock);
    localModels = new LocalSettings(configuration).models(locations, clock);
    configure(providers);
    bind();
  }

  /** Runs until the process is told to stop. */
  int run() throws Exception {
    main.addMainListener(new Announcement(configuration, catalog));
    main.addMainListener(
        new MainListenerSupport() {
          @Override
          public void afterStart(BaseMainSupport started) {
            preload();
          }

          @Override
          public void beforeStop(BaseMainSupport stopping) {
            localModels.stopping();
          }
        });
    try {
      main.run();
    } finally {
      localModels.close();
    }
    return main.getExitCode();
  }

  /** The models in the folders are read while Camel starts. */
  private static void lookEarly(LocalService localService) {
    var reader = new Thread(localService::look, "first-look");
    reader.setDaemon(true);
    reader.start();
  }

  /** Loads the model that is to be ready from the start; nobody waits for it. */
  private void preload() {
    var model = configuration.get("caravan.local.preload");
    if (model == null) return;
    localModels
        .start(model)
        .whenComplete(
            (address, failure) -> {
              if (failure == null) LOG.info("The model {} is loaded", model);
              else LOG.warn("{}", OpenAiErrors.render(failure).message());
            });
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
    var engine =
        new AsyncHttpEngine((long) configuration.number("caravan.server.max-body-size", 32 << 20));
    main.bind("vertx", Vertx.vertx(new VertxOptions().setPreferNativeTransport(true)));
    main.bind("platform-http-engine", engine);
    main.bind("catalog", catalog);
    main.bind("discovery", new Discovery(catalog));
    main.bind("requestReader", new RequestReader(configuration));
    main.bind("targetChoice", choice);
    main.bind("dispatch", new Dispatch());
    main.bind("openAiDialect", new OpenAiDialect());
    var localService = new LocalService(localModels, catalog);
    var preload = configuration.get("caravan.local.preload");
    lookEarly(localService);
    main.bind("localService", localService);
    main.bind("localStatus", new LocalStatus(localModels));
    main.bind("smallServer", new SmallServer(localModels, localService, preload));
    main.bind("answerWriter", new AnswerWriter(clock));
    main.bind("tokenWriter", new TokenWriter());
    main.bind("errorWriter", new ErrorWriter());
    main.bind("modelList", new ModelList(catalog, aliases, choice));
    main.bind("metrics", new Metrics(engine));
  }
}

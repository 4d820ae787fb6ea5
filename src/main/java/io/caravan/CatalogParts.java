package io.caravan;

import io.caravan.catalog.Catalog;
import io.caravan.catalog.CatalogView;
import io.caravan.catalog.OwnAddress;
import io.caravan.catalog.Provider;
import io.caravan.catalog.Providers;
import io.caravan.discovery.Details;
import io.caravan.discovery.Discovery;
import io.caravan.discovery.Identity;
import io.caravan.discovery.Proposals;
import io.caravan.inbound.LlmModels;
import io.caravan.inbound.LlmServices;
import io.caravan.inbound.ModelList;
import io.caravan.inbound.RegistryModels;
import io.caravan.inbound.ServiceOrigins;
import io.caravan.routing.TargetChoice;
import io.caravan.settings.Configuration;
import io.caravan.store.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.main.Main;

/** Puts together what finds out about services and models, and what tells of them. */
record CatalogParts(
    Configuration configuration,
    Providers providers,
    Catalog catalog,
    Database database,
    TargetChoice choice,
    ServiceOrigins origins,
    Clock clock) {

  private static final int THREADS = 2;

  void bind(Main main, Discovery discovery, ExecutorService control) {
    var view = new CatalogView(catalog);
    var plain = providers.read("openai-compatible");
    main.bind("catalog", catalog);
    main.bind("rounds", catalog.rounds());
    main.bind("discovery", discovery);
    main.bind("identity", new Identity(catalog));
    main.bind("details", new Details(catalog, control));
    main.bind("proposals", proposals());
    main.bind("modelList", new ModelList(catalog, view, () -> choice.names().aliases()));
    main.bind("llmModels", new LlmModels(catalog, view, control));
    main.bind("llmServices", new LlmServices(catalog, origins));
    main.bind("registryModels", new RegistryModels(configuration, plain, database, clock, control));
  }

  private Proposals proposals() {
    boolean scan = configuration.flag("caravan.discovery.scan", false);
    var proposed = scan ? providers.named(configuration) : List.<Provider>of();
    return new Proposals(catalog, proposed, OwnAddress.of(configuration), Path.of("/"));
  }

  /** Threads for long lists and slow tables, which must not hold up an event loop. */
  static ExecutorService control() {
    return Executors.newFixedThreadPool(
        THREADS,
        task -> {
          var thread = new Thread(task, "control");
          thread.setDaemon(true);
          return thread;
        });
  }
}

package io.caravan;

import io.caravan.access.Access;
import io.caravan.catalog.Catalog;
import io.caravan.catalog.KeptCatalog;
import io.caravan.edge.AsyncHttpEngine;
import io.caravan.edge.KameletsInPlace;
import io.caravan.store.Database;
import io.caravan.web.Watch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.LifecycleStrategySupport;

/** What begins and ends with Camel, in this order. */
final class Phases extends MainListenerSupport {

  private final AsyncHttpEngine engine;
  private final Catalog catalog;
  private final KeptCatalog kept;
  private final Database database;
  private final LocalParts local;
  private final Lifecycle lifecycle;
  private final ChangeParts changes;
  private final Access access;
  private Watch watch;

  Phases(
      AsyncHttpEngine engine,
      Catalog catalog,
      KeptCatalog kept,
      Database database,
      LocalParts local,
      Lifecycle lifecycle,
      ChangeParts changes,
      Access access) {
    this.engine = engine;
    this.catalog = catalog;
    this.kept = kept;
    this.database = database;
    this.local = local;
    this.lifecycle = lifecycle;
    this.changes = changes;
    this.access = access;
  }

  /** What is to look on from the start to the stop. */
  Phases watching(Watch looksOn) {
    watch = looksOn;
    return this;
  }

  /** The Kamelet of each service is there before the first call: two at once would race. */
  @Override
  public void afterConfigure(BaseMainSupport main) {
    if (!database.isNew()) database.open(); // the first lists wait for what is in it
    var context = main.getCamelContext();
    KameletsInPlace.in(context);
    for (var service : catalog.services().all()) {
      if (service.obstacle() == null) context.getEndpoint(service.endpoint());
    }
    context.addLifecycleStrategy(
        new LifecycleStrategySupport() {
          @Override // the process ends as soon as Camel has stopped, so this is the last moment
          public void onContextStopped(CamelContext stopped) {
            close();
          }
        });
  }

  @Override
  public void afterStart(BaseMainSupport main) {
    changes.files().start(main.getCamelContext());
    changes.stored().start();
    access.start(Announcement::adminToken);
    try {
      engine.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    kept.start();
    lifecycle.start();
    local.service().preload(local.preload());
    watch.start();
    // a new database after the services: to make it takes a core for a second
    catalog.rounds().first(Duration.ofSeconds(1)).thenRun(database::open);
  }

  @Override
  public void beforeStop(BaseMainSupport main) {
    engine.stopping();
    watch.close();
    local.models().stopping();
    lifecycle.stopping();
  }

  private void close() {
    engine.close();
    local.models().close();
    lifecycle.close();
    kept.close();
    access.close();
    database.close();
  }
}

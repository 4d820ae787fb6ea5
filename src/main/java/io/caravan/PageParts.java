package io.caravan;

import io.caravan.catalog.Catalog;
import io.caravan.edge.AsyncHttpEngine;
import io.caravan.inbound.ServiceJson;
import io.caravan.inbound.ServiceOrigins;
import io.caravan.jobs.Jobs;
import io.caravan.metrics.Tally;
import io.caravan.routing.Loads;
import io.caravan.settings.Configuration;
import io.caravan.web.PageFiles;
import io.caravan.web.Situation;
import io.caravan.web.Watch;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.apache.camel.main.Main;

/** Puts together the web page and what keeps it up to date. */
record PageParts(
    Configuration configuration,
    Catalog catalog,
    ServiceOrigins origins,
    Jobs jobs,
    Loads loads,
    Tally tally,
    AsyncHttpEngine engine,
    boolean keysNeeded,
    Clock clock) {

  private static final int LISTENERS = 64;

  /** Binds the beans; the one that has to be started and closed is the answer. */
  Watch bind(Main main, Executor control) {
    var services = new ServiceJson(catalog, origins);
    var situation = new Situation(catalog, services, jobs, loads, tally, engine::inFlight, clock);
    int most = (int) configuration.number("caravan.events.max-listeners", LISTENERS);
    var watch = new Watch(situation, most);
    main.bind("watch", watch);
    main.bind("pageFiles", new PageFiles(control, keysNeeded));
    return watch;
  }
}

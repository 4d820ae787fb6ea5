package io.caravan;

import io.caravan.catalog.Catalog;
import io.caravan.edge.AsyncHttpEngine;
import java.time.Duration;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.support.PluginHelper;

/**
 * Adds the routes that look after the data plane when that answers already: more than half of all,
 * which nobody needs in the first half second. Calls that come for them wait so long.
 */
final class LaterRoutes extends MainListenerSupport {

  /** The first look at the services comes first: the list of models waits for it. */
  private static final Duration ROUND = Duration.ofMillis(400);

  private final RouteFiles files;
  private final String patterns;
  private final AsyncHttpEngine engine;
  private final Catalog catalog;

  /**
   * @param patterns which of the shipped files, as Camel's own setting has them
   */
  LaterRoutes(RouteFiles files, String patterns, AsyncHttpEngine engine, Catalog catalog) {
    this.files = files;
    this.patterns = patterns;
    this.engine = engine;
    this.catalog = catalog;
  }

  @Override
  public void afterStart(BaseMainSupport main) {
    catalog.rounds().ready(ROUND).toCompletableFuture().join();
    try {
      PluginHelper.getRoutesLoader(main.getCamelContext()).loadRoutes(files.shipped(patterns));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    engine.complete();
  }
}

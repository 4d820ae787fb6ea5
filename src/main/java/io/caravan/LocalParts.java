package io.caravan;

import io.caravan.catalog.Catalog;
import io.caravan.local.LocalCalls;
import io.caravan.local.LocalModels;
import io.caravan.local.LocalService;
import io.caravan.local.LocalSettings;
import io.caravan.local.LocalStatus;
import io.caravan.local.SmallServer;
import io.caravan.resilience.CallLoop;
import io.caravan.settings.Configuration;
import io.caravan.settings.Locations;
import java.time.Clock;
import org.apache.camel.main.Main;

/**
 * Puts together what runs GGUF files.
 *
 * @param preload the model to load at the start, null for none
 */
record LocalParts(LocalModels models, LocalService service, String preload) {

  static LocalParts of(
      Configuration configuration, Locations locations, Catalog catalog, Clock clock) {
    var models = new LocalSettings(configuration).models(locations, clock);
    var preload = configuration.get("caravan.local.preload");
    return new LocalParts(models, new LocalService(models, catalog), preload);
  }

  void bind(Main main, CallLoop loop) {
    service.lookEarly();
    var calls = new LocalCalls(models, loop);
    main.bind("localService", service);
    main.bind("localStatus", new LocalStatus(models));
    main.bind("localCalls", calls);
    main.bind("smallServer", new SmallServer(models, service, calls, preload));
  }
}

package io.caravan;

import io.caravan.access.UrlGuard;
import io.caravan.catalog.Providers;
import io.caravan.live.ConfigExport;
import io.caravan.live.ConfigImport;
import io.caravan.live.LiveConfiguration;
import io.caravan.live.LiveFiles;
import io.caravan.live.LockedServices;
import io.caravan.live.Origins;
import io.caravan.live.ProviderList;
import io.caravan.live.Refusals;
import io.caravan.live.ServiceApi;
import io.caravan.live.ServiceWriter;
import io.caravan.live.StoredKeys;
import io.caravan.live.StoredServices;
import io.caravan.settings.Sources;
import io.caravan.store.Database;
import io.caravan.store.DatabaseUrl;
import io.caravan.store.Vault;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.main.Main;

/** Puts together what takes changes over while calls run. */
record ChangeParts(LiveFiles files, StoredServices stored, Origins origins) {

  static ChangeParts of(
      Main main,
      LiveConfiguration live,
      Sources sources,
      Providers providers,
      Database database,
      Vault vault,
      Clock clock) {
    var refusals = new Refusals(clock);
    var files = new LiveFiles(live, sources, providers, refusals);
    var configuration = live.configuration();
    var seconds = Math.max(1, configuration.number("caravan.discovery.interval-sec", 30));
    boolean alone = DatabaseUrl.of(configuration).isExclusive();
    var interval = alone ? null : Duration.ofMillis((long) (seconds * 1000));
    var keys = new StoredKeys(vault);
    var stored = new StoredServices(live, database, keys, clock, interval);
    var writer = new ServiceWriter(live, stored, keys, providers, new UrlGuard());
    main.bind("liveFiles", files);
    main.bind("storedServices", stored);
    main.bind("lockedServices", new LockedServices(stored));
    main.bind("serviceApi", new ServiceApi(live, stored, writer));
    main.bind("providerList", new ProviderList(providers, refusals));
    main.bind("configExport", new ConfigExport(live, stored));
    main.bind("configImport", new ConfigImport(live, stored, writer));
    return new ChangeParts(files, stored, new Origins(live, stored, refusals));
  }
}

package io.caravan;

import io.caravan.catalog.Providers;
import io.caravan.personal.Personal;
import io.caravan.resilience.Breakers;
import io.caravan.settings.Configuration;
import io.caravan.store.Database;
import io.caravan.store.Vault;
import java.time.Clock;
import org.apache.camel.main.Main;

/** Puts together what the routes of users' own services name. */
record PersonalParts(
    Configuration configuration,
    Providers providers,
    Database database,
    Vault vault,
    Breakers breakers,
    Clock clock) {

  /** Looking up a host that a user has named may take long, so it has threads of its own. */
  void bind(Main main) {
    var threads = CatalogParts.control();
    var personal =
        Personal.of(configuration, providers, database, vault, breakers::recovered, threads, clock);
    main.bind("settingsApi", personal.settingsApi());
    main.bind("connectionApi", personal.connectionApi());
    main.bind("connectionTest", personal.test());
    main.bind("proxy", personal.proxy());
  }
}

package io.caravan;

import io.caravan.catalog.Providers;
import io.caravan.personal.Personal;
import io.caravan.resilience.Breakers;
import io.caravan.settings.Configuration;
import io.caravan.store.Database;
import io.caravan.store.Vault;
import java.time.Clock;
import java.util.concurrent.Executor;
import org.apache.camel.main.Main;

/** Puts together what the routes of users' own services name. */
record PersonalParts(
    Configuration configuration,
    Providers providers,
    Database database,
    Vault vault,
    Breakers breakers,
    Clock clock) {

  void bind(Main main, Executor control) {
    var personal =
        Personal.of(configuration, providers, database, vault, breakers::recovered, control, clock);
    main.bind("settingsApi", personal.settingsApi());
    main.bind("connectionApi", personal.connectionApi());
    main.bind("connectionTest", personal.test());
    main.bind("proxy", personal.proxy());
  }
}

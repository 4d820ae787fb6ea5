package io.caravan.personal;

import io.caravan.catalog.Providers;
import io.caravan.settings.Configuration;
import io.caravan.store.Database;
import io.caravan.store.Vault;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** What the routes of users' own services name. */
public record Personal(
    SettingsApi settingsApi, ConnectionApi connectionApi, ConnectionTest test, Proxy proxy) {

  /**
   * Puts it together.
   *
   * @param changed told the name of a service that is not any more what it was
   * @param blocking where the database is asked, which must not be on an event loop
   */
  public static Personal of(
      Configuration configuration,
      Providers providers,
      Database database,
      Vault vault,
      Consumer<String> changed,
      Executor blocking,
      Clock clock) {
    var secrets = new Secrets(vault);
    var backends = new Backends(providers, secrets, configuration);
    var choices = new Choices(new SettingsTable(database), backends, secrets, changed, clock);
    return new Personal(
        new SettingsApi(choices),
        new ConnectionApi(choices),
        new ConnectionTest(choices, clock),
        new Proxy(choices, blocking, clock));
  }
}

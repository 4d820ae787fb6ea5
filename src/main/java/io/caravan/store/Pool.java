package io.caravan.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** The pool of connections to one database. */
final class Pool {

  private static final int CONNECT_MILLIS = 3000;
  private static final int CONNECTIONS = 6;

  private Pool() {}

  /** Opens it and checks that the database answers. */
  static HikariDataSource open(DatabaseUrl url) {
    var config = new HikariConfig();
    config.setPoolName("database");
    config.setJdbcUrl(url.jdbc());
    if (url.user() != null) config.setUsername(url.user());
    if (url.password() != null) config.setPassword(url.password());
    config.setMinimumIdle(1);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setConnectionTimeout(CONNECT_MILLIS);
    config.setInitializationFailTimeout(1); // one attempt; who calls tries again
    if (url.isPostgresql()) {
      config.addDataSourceProperty("connectTimeout", "3");
      config.addDataSourceProperty("socketTimeout", "30");
      config.addDataSourceProperty("ApplicationName", "caravan");
    }
    return new HikariDataSource(config);
  }
}

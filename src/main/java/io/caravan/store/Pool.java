package io.caravan.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pool of connections to one database. */
final class Pool {

  private static final Logger LOG = LoggerFactory.getLogger(Pool.class);
  private static final int CONNECT_MILLIS = 3000;
  private static final int CONNECTIONS = 6;

  private Pool() {}

  /** Opens it and checks that the database answers; its file is then the owner's only. */
  static HikariDataSource open(DatabaseUrl url) throws IOException {
    var pool = new HikariDataSource(config(url));
    if (url.file() != null) keepToOwner(url.file());
    return pool;
  }

  private static void keepToOwner(Path file) throws IOException {
    if (!Files.exists(file)
        || !file.getFileSystem().supportedFileAttributeViews().contains("posix")) return;
    try {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    } catch (FileSystemException notOurs) {
      LOG.warn("Others may read the database's file: only its owner can change that");
    }
  }

  private static HikariConfig config(DatabaseUrl url) {
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
    return config;
  }
}

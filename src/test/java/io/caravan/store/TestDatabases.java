package io.caravan.store;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;

/** New, empty databases of both kinds for contract tests; PostgreSQL is a real server. */
public final class TestDatabases {

  private static final AtomicInteger COUNT = new AtomicInteger();
  private static EmbeddedPostgres server;

  private TestDatabases() {}

  /** An H2 file in a folder of the build. */
  public static DatabaseUrl h2() throws IOException {
    var folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "h2-");
    return new DatabaseUrl("jdbc:h2:file:" + folder.resolve("test"), null, null);
  }

  /** A database on a server that is started once; the test is skipped where none can run. */
  public static synchronized DatabaseUrl postgresql() throws IOException, SQLException {
    if (server == null) server = start(EmbeddedPostgres.builder());
    var name = "test" + COUNT.incrementAndGet();
    try (var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("create database " + name);
    }
    return new DatabaseUrl(server.getJdbcUrl("postgres", name), null, null);
  }

  /**
   * A server of its own, which can be ended and started again on its folder and port; 0 for any.
   */
  public static EmbeddedPostgres server(File folder, int port) throws IOException {
    var builder = EmbeddedPostgres.builder().setDataDirectory(folder).setCleanDataDirectory(false);
    return start(port == 0 ? builder : builder.setPort(port));
  }

  private static EmbeddedPostgres start(EmbeddedPostgres.Builder builder) throws IOException {
    try {
      var started = builder.start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(started)));
      return started;
    } catch (IOException | RuntimeException e) {
      Assumptions.abort("PostgreSQL cannot be started here: " + e);
      throw e;
    }
  }

  private static void close(EmbeddedPostgres started) {
    try {
      started.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
